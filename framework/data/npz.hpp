// framework/data/npz.hpp - named arrays in one file, as numpy.savez writes them.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "data/hdf5_arrays.hpp"
#include "data/tensor.hpp"

namespace lyap::framework {

/// Under their full names; numbers as float64, texts as Unicode.  Errors as ZipFile.
void write_npz(const std::filesystem::path& path, const std::vector<StoredArray>& arrays);

/// Tensors as they are stored; BF16, which numpy has not, as float32.
void write_npz(const std::filesystem::path& path, const std::map<std::string, Tensor>& tensors);

}  // namespace lyap::framework
