// framework/run/recognise.cpp - which architecture a file of weights belongs to.
#include "run/recognise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "model/network.hpp"
#include "plugin/option_words.hpp"
#include "run/import_weights.hpp"

namespace lyap::framework {
namespace {

using Given = std::map<std::string, std::string>;

/// All extents of the file's tensors, small first: candidates for units and inputs.
std::set<std::int64_t> extents(const TensorFile& file) {
  std::set<std::int64_t> all;
  for (const auto& [name, tensor] : file.tensors)
    for (const std::int64_t extent : tensor.shape)
      if (extent > 0) all.insert(extent);
  return all;
}

/// How many layers the names speak of: 1 + the largest k of "_l{k}".
std::int64_t layers_in(const TensorFile& file) {
  std::int64_t layers = 1;
  for (const auto& [name, tensor] : file.tensors) {
    const std::size_t at = name.rfind("_l");
    if (at == std::string::npos) continue;
    const auto k = parse_integer(name.substr(at + 2));
    // Every layer has tensors of its own: a larger number in a name is no layer.
    if (k && *k < static_cast<std::int64_t>(file.tensors.size())) layers = std::max(layers, *k + 1);
  }
  return layers;
}

CreateValues values_of(const Plugin& plugin, const Given& options) {
  std::map<std::string, OptionWords> words;
  for (const auto& [name, text] : options) words[name] = option_words(*plugin.option(name), text);
  return CreateValues(plugin.title(), plugin.options(), words);
}

/// The words an option chooses from; none for a number or a text.
std::vector<std::string> choices_of(const lyap_option& option) {
  if (option.type == LYAP_BOOLEAN) return {"false", "true"};
  std::vector<std::string> words;
  for (const char* const* word = option.choices; word && *word; ++word) words.emplace_back(*word);
  return words;
}

/// Name and shape of every weight of one layer, in one text.
std::string weights_of(const Plugin& plugin, const Given& options) {
  const CreateValues values = values_of(plugin, options);
  const Network network(plugin.id(), plugin.cell(), values.values(), 2, 1, Readout{});
  std::string text;
  for (const WeightShape& w : network.weight_shapes())
    text += fmt::format("{} {} {}\n", w.name, w.rows, w.cols);
  return text;
}

/// `given` with every choice of the options that decide which tensors there are, as long as they
/// are not given themselves: bias vectors, a gate, another form of a matrix.
std::vector<Given> variants(const Plugin& plugin, const Given& given) {
  std::vector<Given> all{given};
  for (const lyap_option& option : plugin.options()) {
    if (given.count(option.name)) continue;
    std::vector<Given> next;
    for (const Given& before : all) {
      std::map<std::string, Given> by_weights;  // the fallback first, so that it stays where equal
      std::vector<std::string> words = choices_of(option);
      std::stable_partition(words.begin(), words.end(),
                            [&](const std::string& word) { return word == option.fallback; });
      for (const std::string& word : words) {
        Given with = before;
        with[option.name] = word;
        by_weights.try_emplace(weights_of(plugin, with), with);
      }
      if (by_weights.size() < 2) {
        next.push_back(before);
        continue;
      }
      for (const auto& [weights, with] : by_weights) next.push_back(with);
    }
    all = std::move(next);
  }
  return all;
}

/// InputError: no cell has such an option, or none takes such a value for it.
void check_given(const std::vector<const Plugin*>& cells, const Given& given) {
  for (const auto& option_given : given) {
    const std::string &name = option_given.first, &text = option_given.second;
    std::vector<std::string> known;
    std::string refusal;
    const bool taken = std::any_of(cells.begin(), cells.end(), [&](const Plugin* cell) {
      const std::vector<std::string> names = cell->option_names();
      known.insert(known.end(), names.begin(), names.end());
      const lyap_option* option = cell->option(name);
      if (!option) return false;
      try {
        const std::map<std::string, OptionWords> words{{name, option_words(*option, text)}};
        const CreateValues accepted(cell->title(), cell->options(), words);
        return true;
      } catch (const InputError& e) {
        refusal = e.what();
        return false;
      }
    });
    if (taken) continue;
    if (!refusal.empty()) throw InputError(refusal);
    throw InputError(fmt::format(
        "--with: {} '{}'{}",
        cells.size() == 1 ? cells[0]->title() + " has no option" : "no cell has the option", name,
        did_you_mean(name, known)));
  }
}

class Search {
 public:
  Search(const TensorFile& file, const Given& given)
      : file_(file), given_(given), extents_(extents(file)), layers_(layers_in(file)) {}

  void try_cell(const Plugin& plugin) {
    if (!plugin.option("units")) return;
    for (const auto& [name, value] : given_)
      if (!plugin.option(name)) return;
    for (const Given& options : possible_variants(plugin)) {
      if (options.count("units")) {
        try_inputs(plugin, options);
        continue;
      }
      for (const std::int64_t units : extents_) {
        Given sized = options;
        sized["units"] = std::to_string(units);
        try_inputs(plugin, sized);
      }
    }
  }

  std::vector<Recognised> best;
  Matched matched;  ///< how the last of them was found

 private:
  std::vector<Given> possible_variants(const Plugin& plugin) const {
    try {
      return variants(plugin, given_);
    } catch (const Error&) {
      return {};  // these options are not for this cell
    }
  }

  void try_inputs(const Plugin& plugin, const Given& options) {
    for (const std::int64_t inputs : extents_) {
      try {
        const CreateValues values = values_of(plugin, options);
        const Network network(plugin.id(), plugin.cell(), values.values(), inputs, layers_,
                              Readout{});
        consider(plugin, options, inputs, network);
      } catch (const Error&) {
        // Nor is this size.
      }
    }
  }

  void consider(const Plugin& plugin, const Given& options, std::int64_t inputs,
                const Network& network) {
    Matched found_tensors = match_weights(network.weight_shapes(), file_, {});
    if (!found_tensors.missing.empty()) return;
    const TensorFile& file = file_;
    for (const WeightShape& weight : network.weight_shapes()) {
      const Tensor& tensor = file.tensors.at(found_tensors.theirs.at(weight.name));
      if (tensor.count() != weight.rows * weight.cols ||
          (tensor.shape.size() == 2 && weight.cols > 1 && tensor.shape[0] != weight.rows))
        return;
    }
    Recognised found{std::string(plugin.id()), options, layers_, inputs, found_tensors.ignored};
    if (!best.empty() && found.ignored.size() > best.front().ignored.size()) return;
    if (!best.empty() && found.ignored.size() < best.front().ignored.size()) best.clear();
    best.push_back(std::move(found));
    matched = std::move(found_tensors);
  }

  const TensorFile& file_;
  const Given& given_;
  std::set<std::int64_t> extents_;
  std::int64_t layers_;
};

}  // namespace

Recognised recognise(const std::filesystem::path& path, const TensorFile& file,
                     const Catalog& catalog, const std::string& cell, const Given& given) {
  for (const auto& [name, tensor] : file.tensors)
    if (name.find("_reverse") != std::string::npos || name.find("weight_hr") != std::string::npos)
      throw InputError(
          fmt::format("{}: tensor '{}' belongs to a bidirectional or projected "
                      "network, whose state is not one recurrent map; export a "
                      "network without `bidirectional` and `proj_size`",
                      path.string(), name));
  std::vector<const Plugin*> cells;
  if (!cell.empty()) {
    cells = {&catalog.find(LYAP_CELL, cell)};
  } else {
    for (const Plugin* plugin : catalog.plugins())
      if (plugin->kind() == LYAP_CELL) cells.push_back(plugin);
  }
  check_given(cells, given);
  Search search(file, given);
  for (const Plugin* plugin : cells) search.try_cell(*plugin);
  require_one_network(search.matched, path);
  if (search.best.empty()) {
    std::vector<std::string> names;
    for (const auto& [name, tensor] : file.tensors)
      names.push_back(fmt::format("{} [{}]", name, fmt::join(tensor.shape, ", ")));
    throw InputError(fmt::format(
        "{}: its tensors are not those of {}; it has {}; name the cell "
        "with --cell, or use a pipeline with `weights: {{file, rename}}`",
        path.string(), cell.empty() ? "any cell that is installed" : "cell '" + cell + "'",
        join(names)));
  }
  if (search.best.size() > 1) {
    std::vector<std::string> names;
    for (const Recognised& r : search.best) {
      std::string words = r.cell;
      for (const auto& [name, value] : r.options) words += fmt::format(" {}={}", name, value);
      names.push_back(words);
    }
    throw InputError(
        fmt::format("{}: its tensors fit several cells ({}); say which with --cell "
                    "and --with",
                    path.string(), join(names)));
  }
  return search.best.front();
}

}  // namespace lyap::framework
