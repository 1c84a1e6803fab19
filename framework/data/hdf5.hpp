// framework/data/hdf5.hpp - results in an HDF5 file that opens in xarray, netCDF4 and h5py.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace lyap::framework {

using Attribute = std::variant<std::int64_t, double, std::string>;
using Attributes = std::vector<std::pair<std::string, Attribute>>;

enum class Element { Double, Integer, Text };

/// What is written: a vector or span of one of the three, the last index fastest.
using Values = std::variant<std::span<const double>, std::span<const std::int64_t>,
                            std::span<const std::string>>;

/// The extent of a first axis that append() makes longer.
inline constexpr std::int64_t grows = -1;

/// Where an array stands and what its axes are.  Axes of one name within a group are one dimension
/// and have one length; an array named as its only axis gives that dimension its coordinates.
struct ArrayLayout {
  std::string group;  ///< "spectrum", "sweep/spectrum"; "" is the file itself
  std::string name;
  std::vector<std::string> axes;
  std::vector<std::int64_t> shape;  ///< one extent per axis, the last index fastest
  Attributes attributes = {};       ///< "units" and "long_name" are what xarray shows in plots
};

/// An array of an open ResultFile that is written in pieces; Error once the file is closed.
class ResultArray {
 public:
  /// Writes the box of `extent` elements along each axis that begins at `start`.
  void write(const std::vector<std::int64_t>& start, const std::vector<std::int64_t>& extent,
             Values values);
  /// Makes a growing array longer by one index of its first axis, or by several at once.
  void append(Values values);

 private:
  friend class ResultFile;
  struct Stored;

  explicit ResultArray(std::shared_ptr<Stored> stored) : stored_(std::move(stored)) {}

  std::shared_ptr<Stored> stored_;
};

/// A file of named arrays that appears under its name when close() has returned, and leaves nothing
/// when close() is never called.  The same contents give the same bytes.  For one thread at a time.
/// Error: the disk is full, or axes of one name differ in length; otherwise as AtomicFile.
class ResultFile {
 public:
  explicit ResultFile(const std::filesystem::path& target);
  ~ResultFile();

  void write(const ArrayLayout& layout, Values values);

  /// An array to be written in pieces; what is never written reads as NaN, 0 or "".
  ResultArray create(const ArrayLayout& layout, Element element);

  /// What holds for the whole group: settings, unit, version.
  void write_attributes(const std::string& group, const Attributes& attributes);

  void close();

 private:
  struct Open;
  std::unique_ptr<Open> open_;
};

}  // namespace lyap::framework
