// framework/data/torch_file.hpp - tensors as torch.load reads them: a state_dict.
#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "data/tensor.hpp"

namespace lyap::framework {

/// A dictionary from names to tensors on the CPU; torch.load reads it with weights_only=True too.
/// Errors as ZipFile.  Format: that of torch.save since PyTorch 1.6, an archive of a pickle and the
/// bytes of every tensor; what is pickled: torch/_utils.py, _rebuild_tensor_v2.
void write_torch(const std::filesystem::path& path, const std::map<std::string, Tensor>& tensors);

}  // namespace lyap::framework
