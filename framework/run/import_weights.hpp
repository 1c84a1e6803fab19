// framework/run/import_weights.hpp - weights from somebody else's file: which tensor is which.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "data/safetensors.hpp"
#include "model/model.hpp"

namespace lyap::framework {

/// Pieces of names to be replaced, in order: {"rnn_layer.", "cell."}.
using Renames = std::vector<std::pair<std::string, std::string>>;

struct Matched {
  std::map<std::string, std::string> theirs;  ///< our name -> the file's
  std::vector<std::string> ignored;           ///< tensors of the file that no weight wants
  std::vector<std::string> prefixes;          ///< behind which the cell's weights were looked for
  std::string missing;                        ///< the first of our weights without a tensor, or ""
};

/// Finds the tensor of every weight of a network by name and shape, after `renames`. Our
/// "cell.weight_hh_l0" is also found as "weight_hh_l0" behind any common prefix ("rnn.",
/// "module.lstm.") and, in a network of one layer, without "_l0"; the readout as "readout.weight"
/// or as the one other matrix of its shape, with the bias of the same prefix. Several prefixes mean
/// several networks in the file; the weights are those behind the first.
Matched match_weights(const std::vector<WeightShape>& wanted, const TensorFile& file,
                      const Renames& renames);

/// InputError when the file holds several networks; the sentence names them and the remedy.
void require_one_network(const Matched& matched, const std::filesystem::path& path);

/// The weights of a network from a file, float64. InputError: several networks; a tensor is
/// missing, has another shape or is not finite; the sentence names it and what the file has.
Weights import_weights(const Network& network, const std::filesystem::path& path,
                       const TensorFile& file, const Renames& renames);

/// Where the file left the network: its tensors "carried.state" and "carried.input", after
/// `renames`. InputError: they have not as many numbers as the network's state and input.
Carried import_carried(const Network& network, const std::filesystem::path& path,
                       const TensorFile& file, const Renames& renames);

}  // namespace lyap::framework
