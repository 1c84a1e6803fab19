// framework/data/safetensors.hpp - named tensors in a file, as PyTorch users keep weights.
#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "data/tensor.hpp"

namespace lyap::framework {

struct TensorFile {
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> metadata;

  /// InputError when there is no such tensor; `path` is what the sentence calls the file.
  const Tensor& tensor(const std::string& name, const std::filesystem::path& path) const;
};

/// Reads and checks all of it.  InputError names the file and the tensor: not a safetensors file,
/// cut short, bad header, offsets that overlap, leave a gap or disagree with the shape, unknown
/// dtype, a name given twice.  Format: github.com/huggingface/safetensors, "Format".
TensorFile read_safetensors(const std::filesystem::path& path);

/// The same contents give the same bytes; wide elements first so that all are aligned; written
/// atomically, errors as AtomicFile.
void write_safetensors(const std::filesystem::path& path, const TensorFile& file);

}  // namespace lyap::framework
