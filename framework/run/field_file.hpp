// framework/run/field_file.hpp - large results of one measurement, written as their pieces come.
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "data/hdf5.hpp"
#include "run/results.hpp"

namespace lyap::framework {

/// An HDF5 file with one group, named after the measure; a variable is a result port.  Appears
/// under its name when finish() has returned and leaves nothing otherwise.  [any thread]
class FieldFile {
 public:
  FieldFile(std::filesystem::path path, std::string group);

  const std::filesystem::path& path() const { return path_; }
  void announce(const MeasuredArray& array);
  /// The box of `extent` elements along each axis that begins at `from`.
  void piece(const MeasuredArray& array, const std::int64_t* from, const std::int64_t* extent,
             const double* values);
  /// The notes of the measurement become attributes of the group.
  void finish(const Measurement& measurement);

 private:
  std::filesystem::path path_;
  std::string group_;
  std::mutex mutex_;
  ResultFile file_;
  std::map<std::string, ResultArray> arrays_;
};

}  // namespace lyap::framework
