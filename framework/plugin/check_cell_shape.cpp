// framework/plugin/check_cell_shape.cpp - conformance of what a cell says about itself.
#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plugin/cell_shape.hpp"
#include "plugin/cell_trial.hpp"
#include "plugin/option_words.hpp"
#include "plugin/try_options.hpp"

namespace lyap::framework::checks {
namespace {

void require(bool holds, const std::string& sentence) {
  if (!holds) throw CheckFailed{sentence};
}

// "weight_hh", "normal_to_unit.bias": letters, digits, underscores and dots.
bool is_tensor_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '.';
  });
}

// A word, or a word with arguments: "xavier_normal", "uniform(-0.1, 0.1)".
bool is_initialiser(std::string_view text) {
  const std::size_t open = text.find('(');
  const std::string_view word = text.substr(0, open);
  const bool closed = open == std::string_view::npos || text.ends_with(')');
  return closed && is_tensor_name(word);
}

}  // namespace

std::string cell_create_defaults(const CheckSubject& subject) {
  std::string reason;
  lyap_cell* cell = make_cell(subject, reason);
  if (!cell)
    throw CheckFailed{reason.empty() ? "create returns null without a sentence"
                                     : "create refuses its own defaults: " + reason};
  const lyap_cell_shape* shape = subject.plugin->cell().shape(cell);
  std::string note = shape ? fmt::format("{} inputs, {} states, {} weights", shape->inputs,
                                         shape->state, shape->weight_count)
                           : "";
  subject.plugin->cell().destroy(cell);
  // It may need no input, or one; but then it should say so, and not fail in its equations.
  if (!reason.empty())
    throw CheckWarning{
        fmt::format("it is tested with {}, for 3 inputs are refused: {}", note, reason)};
  return note;
}

std::string cell_create_at_limits(const CheckSubject& subject) {
  const lyap_cell_ops& ops = subject.plugin->cell();
  int created = 0, refused = 0;
  for (const lyap_option& option : subject.plugin->options()) {
    if (!is_number(option) || option.type == LYAP_REALS) continue;
    for (const double limit : {option.low, option.high}) {
      if (!std::isfinite(limit)) continue;
      const CreateValues values = try_options(subject, option.name, shortest(limit));
      lyap_error error{};
      lyap_cell* cell = ops.create(values.values().data(),
                                   static_cast<std::uint32_t>(values.values().size()), 3, &error);
      require(cell || *error.text,
              fmt::format("with {} = {} create returns null without a sentence", option.name,
                          shortest(limit)));
      if (!cell) {
        ++refused;
        continue;
      }
      require(ops.shape(cell) != nullptr,
              fmt::format("with {} = {} it has no shape", option.name, shortest(limit)));
      ops.destroy(cell);
      ++created;
    }
  }
  return fmt::format("{} created, {} refused with a sentence", created, refused);
}

std::string cell_shape_consistent(const CheckSubject& subject) {
  const lyap_cell_ops& ops = subject.plugin->cell();
  std::string reason;
  lyap_cell* cell = make_cell(subject, reason);
  if (!cell) throw CheckSkipped{"it cannot be created; see create-defaults"};
  const std::string mistake = shape_mistake(ops, ops.shape(cell));
  std::string note = mistake.empty() ? fmt::format("{} blocks", ops.shape(cell)->block_count) : "";
  ops.destroy(cell);
  require(mistake.empty(), mistake);
  return note;
}

std::string weights_named(const CheckSubject& subject) {
  const MadeCell cell(subject);
  std::set<std::string> names;
  for (std::uint32_t i = 0; i < cell.shape().weight_count; ++i) {
    const lyap_weight& weight = cell.shape().weights[i];
    const std::string name = weight.name ? weight.name : "";
    require(is_tensor_name(name), fmt::format("weight {} is called {}", i, quoted(name)));
    require(names.insert(name).second, fmt::format("two weights are called '{}'", name));
    require(!name.ends_with("_l0"),
            fmt::format("weight '{}' names a layer; the kernel adds \"_l0\" itself", name));
    require(weight.rows >= 0 && weight.cols >= 0,
            fmt::format("weight '{}' is {} x {}", name, weight.rows, weight.cols));
    require(weight.init && is_initialiser(weight.init),
            fmt::format("weight '{}' has the initialiser {}; write one like 'xavier_normal' or "
                        "'uniform(-0.1, 0.1)'",
                        name, quoted(weight.init ? weight.init : "")));
    if (!subject.options.mistake_in_initialiser) continue;
    const std::string mistake = subject.options.mistake_in_initialiser(weight.init);
    require(mistake.empty(), fmt::format("weight '{}': {}", name, mistake));
  }
  return fmt::format("{} weights", names.size());
}

std::string known_torch_names(const CheckSubject& subject) {
  const MadeCell cell(subject);
  const lyap_cell_shape& shape = cell.shape();
  const std::vector<std::string> known = {"weight_ih", "weight_hh", "bias_ih", "bias_hh"};
  int found = 0;
  for (std::uint32_t i = 0; i < shape.weight_count; ++i) {
    const lyap_weight& weight = shape.weights[i];
    const std::string name = weight.name;
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      // One letter away is a slip; two away may be a matrix that PyTorch does not have.
      const auto near = std::find_if(known.begin(), known.end(), [&](const std::string& word) {
        return edit_distance(name, word) == 1;
      });
      if (near != known.end())
        throw CheckWarning{fmt::format(
            "weight '{}' is not what PyTorch calls it; did you mean '{}'?", name, *near)};
      continue;
    }
    ++found;
    const std::int64_t units = shape.blocks[0].rows;
    const std::int64_t cols = name == "weight_ih" ? shape.inputs : name == "weight_hh" ? units : 1;
    if (weight.cols != cols || weight.rows % units != 0)
      throw CheckWarning{
          fmt::format("weight '{}' is {} x {}, and PyTorch's has {} columns and a "
                      "multiple of {} rows",
                      name, weight.rows, weight.cols, cols, units)};
  }
  return fmt::format("{} of {} weights are PyTorch's", found, shape.weight_count);
}

}  // namespace lyap::framework::checks
