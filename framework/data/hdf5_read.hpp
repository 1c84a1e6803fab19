// framework/data/hdf5_read.hpp - numbers back from a result file.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace lyap::framework {

/// All numbers of the array GROUP/NAME, the last index fastest.  Error: the file cannot be read, or
/// has no such array of numbers.
std::vector<double> read_doubles(const std::filesystem::path& file, const std::string& array);

}  // namespace lyap::framework
