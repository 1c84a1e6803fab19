// framework/run/import_weights.cpp - weights from somebody else's file: which tensor is which.
#include "run/import_weights.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "run/checkpoint.hpp"

namespace lyap::framework {
namespace {

constexpr std::string_view cell_prefix = "cell.", carried_prefix = "carried.";

/// A vector may be stored as [n], [n, 1] or [1, n].
bool has_shape(const Tensor& tensor, const WeightShape& weight) {
  std::vector<std::int64_t> shape = tensor.shape;
  if (shape.size() == 1 && weight.cols == 1) return shape[0] == weight.rows;
  if (shape.size() != 2) return false;
  if (weight.cols == 1 && shape[0] == 1) std::swap(shape[0], shape[1]);
  return shape[0] == weight.rows && shape[1] == weight.cols;
}

std::string renamed(std::string name, const Renames& renames) {
  for (const auto& [from, to] : renames)
    if (const std::size_t at = name.find(from); !from.empty() && at != std::string::npos)
      name.replace(at, from.size(), to);
  return name;
}

class Matching {
 public:
  Matching(const std::vector<WeightShape>& wanted, const TensorFile& file, const Renames& renames)
      : wanted_(wanted) {
    for (const auto& [name, tensor] : file.tensors) {
      const std::string ours = renamed(name, renames);
      tensors_[ours] = &tensor;
      original_[ours] = name;
    }
  }

  Matched run() {
    const std::vector<std::string> prefixes = common_prefixes();
    const std::string prefix = prefixes.empty() ? "" : prefixes.front();
    for (const WeightShape& weight : wanted_) {
      std::optional<std::string> found;
      if (tensors_.count(weight.name))
        found = weight.name;
      else if (weight.name.starts_with(cell_prefix))
        found = below(prefix, weight.name.substr(cell_prefix.size()));
      else
        found = readout(weight);
      if (found && found != weight.name && weight.name.starts_with(cell_prefix))
        matched_.prefixes = prefixes;
      if (found)
        take(weight.name, *found);
      else if (matched_.missing.empty())
        matched_.missing = weight.name;
    }
    for (const auto& [name, theirs] : original_)
      if (!used_.count(name) && !name.starts_with(carried_prefix))
        matched_.ignored.push_back(theirs);
    return std::move(matched_);
  }

 private:
  void take(const std::string& ours, const std::string& name) {
    matched_.theirs[ours] = original_.at(name);
    used_.insert(name);
  }

  /// "weight_hh_l0", and "weight_hh" for the cells PyTorch runs by hand.
  static std::vector<std::string> spellings(const std::string& name) {
    std::vector<std::string> all{name};
    if (name.ends_with("_l0")) all.push_back(name.substr(0, name.size() - 3));
    return all;
  }

  /// All that stands before the first cell weight that is in the file at all.
  std::vector<std::string> common_prefixes() const {
    std::set<std::string> prefixes;
    for (const WeightShape& weight : wanted_) {
      if (!weight.name.starts_with(cell_prefix)) continue;
      for (const std::string& name : spellings(weight.name.substr(cell_prefix.size())))
        for (const auto& [candidate, tensor] : tensors_) {
          if (!candidate.ends_with(name) || !has_shape(*tensor, weight)) continue;
          const std::string prefix = candidate.substr(0, candidate.size() - name.size());
          if (prefix.empty() || prefix.back() == '.') prefixes.insert(prefix);
        }
      if (!prefixes.empty()) break;
    }
    return {prefixes.begin(), prefixes.end()};
  }

  std::optional<std::string> below(const std::string& prefix, const std::string& name) const {
    for (const std::string& spelling : spellings(name))
      if (tensors_.count(prefix + spelling)) return prefix + spelling;
    return std::nullopt;
  }

  /// The one matrix of the readout's shape that is not the cell's, or the bias beside it.
  std::optional<std::string> readout(const WeightShape& weight) {
    std::vector<std::string> candidates;
    if (weight.cols == 1) {
      const auto beside = matched_.theirs.find("readout.weight");
      if (beside == matched_.theirs.end()) return std::nullopt;
      for (const std::string& name : used_)
        if (original_.at(name) == beside->second && name.ends_with("weight"))
          candidates.push_back(name.substr(0, name.size() - 6) + "bias");
    } else {
      for (const auto& [name, tensor] : tensors_)
        if (!used_.count(name) && name.ends_with("weight") && has_shape(*tensor, weight))
          candidates.push_back(name);
    }
    if (candidates.size() != 1 || !tensors_.count(candidates[0])) return std::nullopt;
    return candidates[0];
  }

  const std::vector<WeightShape>& wanted_;
  std::map<std::string, const Tensor*> tensors_;  // by renamed name
  std::map<std::string, std::string> original_;
  std::set<std::string> used_;
  Matched matched_;
};

std::string shape_text(const std::vector<std::int64_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

}  // namespace

Matched match_weights(const std::vector<WeightShape>& wanted, const TensorFile& file,
                      const Renames& renames) {
  return Matching(wanted, file, renames).run();
}

void require_one_network(const Matched& matched, const std::filesystem::path& path) {
  if (matched.prefixes.size() < 2) return;
  std::vector<std::string> names;
  for (const std::string& prefix : matched.prefixes) names.push_back(quoted(prefix));
  throw InputError(fmt::format(
      "{}: it holds several networks of this shape, behind {}; choose one in a pipeline with "
      "`weights: {{file, rename: {{{}: cell.}}}}`",
      path.string(), join(names), matched.prefixes.back()));
}

Weights import_weights(const Network& network, const std::filesystem::path& path,
                       const TensorFile& file, const Renames& renames) {
  const std::vector<WeightShape>& wanted = network.weight_shapes();
  const Matched matched = match_weights(wanted, file, renames);
  require_one_network(matched, path);
  if (!matched.missing.empty()) {
    const bool no_bias = matched.missing.find("bias") != std::string::npos;
    throw InputError(fmt::format(
        "{}: no tensor for '{}'{}; {}", path.string(), matched.missing,
        matched.ignored.empty() ? "" : " (unused in the file: " + join(matched.ignored) + ")",
        no_bias ? "set the cell's `bias` option or the readout's to what the file has, or add a "
                  "`rename`"
                : "add a `rename` under `weights`, or choose the cell that the file belongs to"));
  }
  Weights weights(wanted, LYAP_F64);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const WeightShape& weight = wanted[i];
    const std::string& theirs = matched.theirs.at(weight.name);
    const Tensor& tensor = file.tensors.at(theirs);
    if (!has_shape(tensor, weight))
      throw InputError(fmt::format(
          "{}: tensor '{}' is {}, the network wants {} for '{}'; check "
          "`units`, `layers` and the task's inputs",
          path.string(), theirs, shape_text(tensor.shape),
          weight.cols == 1 ? shape_text({weight.rows}) : shape_text({weight.rows, weight.cols}),
          weight.name));
    std::vector<std::int64_t> shape{weight.rows};
    if (weight.cols != 1) shape.push_back(weight.cols);
    weights.assign(i, {weight.name, LYAP_F64, std::move(shape), tensor.to_doubles()},
                   path.string());
  }
  return weights;
}

Carried import_carried(const Network& network, const std::filesystem::path& path,
                       const TensorFile& file, const Renames& renames) {
  TensorFile ours;
  for (const auto& [name, tensor] : file.tensors)
    if (const std::string there = renamed(name, renames); there.starts_with(carried_prefix))
      ours.tensors[there] = tensor;
  Carried carried = get_carried(ours);
  const auto check = [&](const char* what, const std::vector<double>& numbers, std::int64_t rows) {
    if (numbers.empty() || static_cast<std::int64_t>(numbers.size()) == rows) return;
    throw InputError(
        fmt::format("{}: '{}{}' has {} numbers, the network has {}; check `units` and "
                    "`layers`, or leave the tensor out of the file",
                    path.string(), carried_prefix, what, numbers.size(), rows));
  };
  check("state", carried.state, network.shape().state);
  check("input", carried.input, network.shape().inputs);
  return carried;
}

}  // namespace lyap::framework
