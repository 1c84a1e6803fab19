// framework/sweep/applied.cpp - a study that was kept in a file, applied to other networks.
#include "sweep/applied.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "data/safetensors.hpp"
#include "pipeline/read_yaml.hpp"

namespace lyap::framework {
namespace fs = std::filesystem;
namespace {

std::string entry(const TensorFile& file, const fs::path& path, const char* key) {
  const auto found = file.metadata.find(key);
  if (found == file.metadata.end())
    throw InputError(
        fmt::format("{}: was not kept by a study (its metadata has no '{}'); give a "
                    "file such as aelle.safetensors from the folder of a sweep",
                    path.string(), key));
  return found->second;
}

Node scalar(const std::string& text) {
  Node node;
  node.kind = Node::Kind::Scalar;
  node.text = text;
  return node;
}

void set_option(Step& step, const std::string& name, const std::string& text) {
  std::erase_if(step.with, [&](const Option& option) { return option.name == name; });
  step.with.push_back({name, scalar(text), {}});
}

bool has_option(const Plugin& plugin, const std::string& name) {
  const auto options = plugin.options();
  return std::any_of(options.begin(), options.end(),
                     [&](const lyap_option& option) { return name == option.name; });
}

/// The option by which the analysis takes what it kept: the only one that is a path.
const char* option_for_file(const Plugin& plugin) {
  for (const lyap_option& option : plugin.options())
    if (option.type == LYAP_PATH) return option.name;
  return nullptr;
}

bool is_required(const Plugin& plugin, const std::string& port) {
  for (const lyap_port& p : plugin.ports())
    if (port == p.name) return p.role == LYAP_INPUT;
  return false;
}

}  // namespace

AppliedStudy::AppliedStudy(const fs::path& file, const Catalog& catalog)
    : file_(fs::absolute(file)), catalog_(catalog) {
  const TensorFile kept = read_safetensors(file_);
  step_ = entry(kept, file_, "lyap_step");
  const auto source = std::make_shared<Source>(
      Source{file_.filename().string(), entry(kept, file_, "lyap_pipeline"), ""});
  asked_ = PlannedSweep(parse_yaml(source), file_).asked();
  asked_.variables.clear();
  asked_.report = {};  // its charts are of columns that are not recorded here
  const auto length = kept.metadata.find("length");
  keep_what_leads_to(step_, length == kept.metadata.end() ? "" : length->second);
  plan_ = resolve(asked_, catalog_);
}

/// Walks up from the step through what it cannot do without. The analysis gets its file back; steps
/// that choose a length from all networks get the one that was chosen then.
void AppliedStudy::keep_what_leads_to(const std::string& step, const std::string& length) {
  std::vector<Step> kept;
  std::string wanted = step, column;
  for (auto s = asked_.study.rbegin(); s != asked_.study.rend(); ++s) {
    if (s->as != wanted) continue;
    const Plugin& plugin = catalog_.find(LYAP_ANALYSIS, s->use);
    std::erase_if(s->from, [&](const Connection& c) { return !is_required(plugin, c.port); });
    if (s->as == step) {
      const char* option = option_for_file(plugin);
      if (!option)
        throw InputError(fmt::format("{}: analysis '{}' cannot be applied to other networks",
                                     file_.string(), s->use));
      set_option(*s, option, file_.string());
    } else if (!length.empty() && has_option(plugin, "length")) {
      set_option(*s, "length", length);
    }
    for (const Connection& connection : s->from) {
      const std::size_t dot = connection.source.find('.');
      const std::string from = connection.source.substr(0, dot);
      if (from == "trials")
        column = connection.source.substr(dot + 1);
      else
        wanted = from;
    }
    kept.insert(kept.begin(), *s);
  }
  asked_.study = std::move(kept);
  std::erase_if(asked_.trials.record, [&](const Column& c) { return c.name != column; });
  if (asked_.trials.record.empty() ||
      asked_.trials.record.front().recorded.what != Recorded::What::Result)
    throw InputError(
        fmt::format("{}: the study does not begin with a result of one measure, so a "
                    "single network cannot be judged by it",
                    file_.string()));
  // Whatever epoch the networks were measured at, a given network is measured as it is.
  asked_.trials.record.front().recorded.at.reset();
  asked_.trials.train.reset();
  std::erase_if(asked_.trials.measure,
                [&](const Step& m) { return m.as != this->column().recorded.step; });
  for (Step& measure : asked_.trials.measure) measure.at.reset();
}

Plan AppliedStudy::plan_for(const Recognised& network, const fs::path& weights,
                            const fs::path& inputs) const {
  Pipeline asked = asked_;
  asked.study.clear();
  CellRequest cell;
  cell.use = network.cell;
  cell.layers = network.layers;
  for (const auto& [name, value] : network.options) set_option(cell, name, value);
  cell.weights = WeightFile{fs::absolute(weights).string(), {}, {}, {}};
  cell.readout = asked.trials.cell.readout;
  asked.trials.cell = std::move(cell);
  if (!inputs.empty()) {
    asked.trials.task = {};
    asked.trials.task.use = "arrays";
    set_option(asked.trials.task, "inputs", fs::absolute(inputs).string());
  }
  return resolve(asked, catalog_);
}

bool AppliedStudy::measured_alike(const fs::path& path) const {
  const auto run = nlohmann::json::parse(read_file(path));
  const nlohmann::json ours = resolved(plan_)["measure"][0];
  for (const auto& measure : run.at("measure"))
    if (measure.at("as") == ours.at("as")) return measure.at("with") == ours.at("with");
  return false;
}

Measurement AppliedStudy::apply(const Table& table, const Surroundings& surroundings) const {
  std::vector<Measurement> studies;
  run_studies(plan_, table, surroundings, studies, [](const Measurement&) {});
  return std::move(studies.back());
}

}  // namespace lyap::framework
