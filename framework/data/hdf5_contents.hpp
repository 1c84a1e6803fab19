// framework/data/hdf5_contents.hpp - what a result file holds, by name, axes and attributes.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace lyap::framework {

/// An array of numbers or texts as it stands in a result file; its numbers are left there.
struct ArrayEntry {
  std::string group, name;  ///< group "" is the file itself
  std::vector<std::string> axes;
  std::vector<std::int64_t> shape;
  std::vector<std::pair<std::string, std::string>> texts;  ///< attributes that are text
  bool numbers = true;

  std::string path() const { return group.empty() ? name : group + "/" + name; }
};

/// Every array of the file and of its groups, in the order of their names, dimensions without
/// coordinates left out. InputError: no HDF5 file that can be read.
std::vector<ArrayEntry> contents_of(const std::filesystem::path& file);

/// All texts of the array GROUP/NAME. Error: as read_doubles.
std::vector<std::string> read_texts(const std::filesystem::path& file, const std::string& array);

}  // namespace lyap::framework
