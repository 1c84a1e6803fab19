// framework/run/import_weights.hpp - weights from somebody else's file: which tensor is which.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "data/safetensors.hpp"
#include "model/network.hpp"

namespace lyap::framework {

/// Pieces of names to be replaced, in order: {"rnn_layer.", "cell."}.
using Renames = std::vector<std::pair<std::string, std::string>>;

struct Matched {
  std::map<std::string, std::string> theirs;  ///< our name -> the file's
  std::vector<std::string> ignored;           ///< tensors of the file that no weight wants
  std::string missing;                        ///< the first of our weights without a tensor, or ""
};

/// Finds the tensor of every weight of a network by name and shape, after `renames`. Our
/// "cell.weight_hh_l0" is also found as "weight_hh_l0" behind any common prefix ("rnn.",
/// "module.lstm.") and, in a network of one layer, without "_l0"; the readout as "readout.weight"
/// or as the one other matrix of its shape, with the bias of the same prefix.
Matched match_weights(const std::vector<WeightShape>& wanted, const TensorFile& file,
                      const Renames& renames);

/// The weights of a network from a file, float64. InputError: a tensor is missing, has another
/// shape or is not finite; the sentence names it and what the file has.
Weights import_weights(const Network& network, const std::filesystem::path& path,
                       const TensorFile& file, const Renames& renames);

}  // namespace lyap::framework
