// framework/data/hdf5_arrays.hpp - every array of a result file, with its axes.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lyap::framework {

/// Numbers or texts, the last index fastest. An array named as its only axis holds the coordinates
/// of that axis.
struct StoredArray {
  std::string group, name;  ///< the group is "" at the top of the file
  std::vector<std::string> axes;
  std::vector<std::int64_t> shape;
  std::string unit, doc;
  std::vector<std::string> words;  ///< of the codes 0, 1, ...; none for plain numbers
  std::vector<double> values;
  std::vector<std::string> texts;

  bool is_text() const { return values.empty() && !texts.empty(); }
  bool is_coordinate() const { return axes.size() == 1 && axes[0] == name; }
  /// "le.spectrum"; the name alone at the top of the file.
  std::string full_name() const { return group.empty() ? name : group + "." + name; }
};

/// In the order of their names. InputError: missing, or no HDF5 file that can be read.
std::vector<StoredArray> read_arrays(const std::filesystem::path& file);

}  // namespace lyap::framework
