// framework/pipeline/read_trials.cpp - reading what is asked for each network.
#include "pipeline/read_trials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/error.hpp"
#include "base/text.hpp"
#include "model/initialiser.hpp"
#include "pipeline/fields.hpp"

namespace lyap::framework {
namespace {

using Kind = Node::Kind;

Step read_task(const Node& written, Mistakes& mistakes) {
  const Node node = spell_out(written);
  Step task;
  Fields fields(node, "'task'", mistakes);
  read_use(node, fields, task, mistakes);
  fields.finish();
  return task;
}

void check_initialiser(const Node& text, Mistakes& mistakes) {
  if (text.text.find('$') != std::string::npos) return;  // a sweep fills it in
  try {
    const Initialiser known(text.text);
  } catch (const InputError& error) {
    mistakes.add(text.place, error.what());
  }
}

/// {w: uniform(-0.1, 0.1)} is, to YAML, a w of "uniform(-0.1" and a key "0.1)".
bool ends_cut_initialiser(const Option& weight) {
  return weight.value.is(Kind::Null) && weight.name.ends_with(')');
}

/// `init: {weight: initialiser}`; an initialiser is one word, "uniform(-0.1, 0.1)".
std::vector<Option> read_initialisers(const Node* map, Mistakes& mistakes) {
  std::vector<Option> weights = read_options(map, "init", mistakes);
  const bool cut = std::any_of(weights.begin(), weights.end(), ends_cut_initialiser);
  for (const Option& weight : weights) {
    if (!weight.value.is(Kind::Scalar))
      mistakes.add(weight.value.place,
                   ends_cut_initialiser(weight)
                       ? fmt::format("the comma before {} ends a value inside {{ }}; put the "
                                     "initialiser in quotes",
                                     quoted(weight.name))
                       : fmt::format("{} takes an initialiser such as xavier_normal, got {}",
                                     quoted(weight.name), shown(weight.value)));
    else if (!cut)
      check_initialiser(weight.value, mistakes);
  }
  return weights;
}

std::optional<WeightFile> read_weight_file(const Node* node, Mistakes& mistakes) {
  if (!node) return std::nullopt;
  WeightFile weights;
  Fields fields(*node, "'weights'", mistakes);
  if (const Node* file = fields.require("file", "a safetensors file")) {
    weights.file = to_text(*file, "file", mistakes).value_or("");
    weights.place = file->place;
  }
  const auto read_pairs = [&](const char* key) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const Option& name : read_options(fields.take(key), key, mistakes))
      if (const auto text = to_text(name.value, name.name, mistakes))
        pairs.emplace_back(name.name, *text);
    return pairs;
  };
  weights.tensors = read_pairs("tensors");
  weights.rename = read_pairs("rename");
  fields.finish();
  return weights;
}

ReadoutRequest read_readout(const Node* node, Mistakes& mistakes) {
  ReadoutRequest readout;
  if (!node) return readout;
  Fields fields(*node, "'readout'", mistakes);
  readout.bias = fields.boolean("bias", readout.bias);
  // At 1 nothing would be left.
  readout.dropout = fields.real("dropout", {0, 0.99, ""}, readout.dropout);
  readout.init = read_initialisers(fields.take("init"), mistakes);
  fields.finish();
  return readout;
}

CellRequest read_cell(const Node& written, Mistakes& mistakes) {
  const Node node = spell_out(written);
  CellRequest cell;
  Fields fields(node, "'cell'", mistakes);
  read_use(node, fields, cell, mistakes);
  cell.layers = fields.integer("layers", {1, 1000, ""}, cell.layers);
  cell.init = read_initialisers(fields.take("init"), mistakes);
  cell.weights = read_weight_file(fields.take("weights"), mistakes);
  cell.readout = read_readout(fields.take("readout"), mistakes);
  fields.finish();
  return cell;
}

TrainRequest read_train(const Node& written, Mistakes& mistakes) {
  const Node node = spell_out(written);
  TrainRequest train;
  Fields fields(node, "'train'", mistakes);
  read_use(node, fields, train, mistakes);
  if (const Node* epochs = fields.take("checkpoints"))
    train.checkpoints = read_epochs(*epochs, "checkpoints", mistakes);
  fields.finish();
  return train;
}

/// A column becomes a variable of the table's file, beside `point`, and may be fed to studies as
/// trials.COLUMN.
void check_column_name(const Option& column, Mistakes& mistakes) {
  const auto allowed = [](unsigned char c) { return std::isalnum(c) || c == '_'; };
  if (column.name.empty() || !std::all_of(column.name.begin(), column.name.end(), allowed))
    mistakes.add(column.place, fmt::format("a column's name has letters, digits and _ only, got {}",
                                           quoted(column.name)));
  else if (column.name == "point")
    mistakes.add(column.place,
                 "'point' already names something else in the table; give this "
                 "column another name");
}

std::vector<Column> read_record(const Node* map, Mistakes& mistakes) {
  std::vector<Column> columns;
  for (const Option& column : read_options(map, "record", mistakes)) {
    check_column_name(column, mistakes);
    if (const auto expression = to_text(column.value, column.name, mistakes))
      if (auto recorded = read_recorded(*expression, column.value.place, mistakes))
        columns.push_back(
            {column.name, *expression, column.place, column.value.place, std::move(*recorded)});
  }
  return columns;
}

}  // namespace

Trials read_trials(const Node& node, Mistakes& mistakes) {
  Trials trials;
  Fields fields(node, "'trials'", mistakes);
  if (const Node* sweep = fields.take("sweep")) {
    trials.sweep = *sweep;
    if (!sweep->is(Kind::Map))
      mistakes.add(sweep->place,
                   fmt::format("'sweep' is a map (variable: values), got {}", shown(*sweep)));
  }
  if (const Node* sampling = fields.take("sampling")) trials.sampling = *sampling;
  if (const Node* task = fields.require("task", "what the network has to do"))
    trials.task = read_task(*task, mistakes);
  if (const Node* cell = fields.require("cell", "the architecture, such as 'cell: lstm'"))
    trials.cell = read_cell(*cell, mistakes);
  if (const Node* train = fields.take("train")) trials.train = read_train(*train, mistakes);
  trials.measure = read_steps(fields.take("measure"), "measure", mistakes);
  trials.record = read_record(fields.take("record"), mistakes);
  fields.finish();
  return trials;
}

std::vector<Step> read_steps(const Node* list, const std::string& name, Mistakes& mistakes) {
  std::vector<Step> steps;
  if (!list) return steps;
  if (!list->is(Kind::List)) {
    mistakes.add(list->place,
                 fmt::format("{} is a list of steps, got {}", quoted(name), shown(*list)));
    return steps;
  }
  for (const Node& item : list->children) {
    const Node node = spell_out(item);
    Step step;
    Fields fields(node, fmt::format("a step of {}", quoted(name)), mistakes);
    read_use(node, fields, step, mistakes);
    read_name_and_sources(fields, step, mistakes);
    if (name == "measure")
      if (const Node* at = fields.take("at")) step.at = read_epochs(*at, "at", mistakes);
    fields.finish();
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace lyap::framework
