// framework/run/recognise.hpp - which architecture a file of weights belongs to.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "data/safetensors.hpp"
#include "plugin/catalog.hpp"

namespace lyap::framework {

/// A cell with the options under which its declared tensors are those of the file.
struct Recognised {
  std::string cell;
  std::map<std::string, std::string> options;  ///< "units": "64", "bias": "two", and what was given
  std::int64_t layers = 1, inputs = 0;
  std::vector<std::string> ignored;  ///< tensors of the file that no cell weight wants
};

/// Tries every cell plugin (or only `cell`) with every size that occurs in the file, and takes the
/// one whose weights, names and shapes, are all there and leave the fewest over. `given` options
/// are kept as they are. InputError: none or more than one fits; the sentence says what to give.
Recognised recognise(const std::filesystem::path& path, const TensorFile& file,
                     const Catalog& catalog, const std::string& cell,
                     const std::map<std::string, std::string>& given);

}  // namespace lyap::framework
