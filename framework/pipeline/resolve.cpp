// framework/pipeline/resolve.cpp - finds the plugin behind every name of a pipeline and checks what
// is asked of it.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "pipeline/plan.hpp"

namespace lyap::framework {
namespace {

class Resolving {
 public:
  Resolving(const Pipeline& pipeline, const Catalog& catalog, Mistakes mistakes)
      : pipeline_(pipeline), catalog_(catalog), mistakes_(std::move(mistakes)) {}

  Plan plan() {
    const Trials& trials = pipeline_.trials;
    refuse_what_cannot_be_run_yet();
    plan_.asked = pipeline_;
    resolve_step(LYAP_TASK, trials.task, plan_.task);
    resolve_step(LYAP_CELL, trials.cell, plan_.cell);
    Step untrained;
    untrained.use = "none";
    untrained.place = trials.cell.place;
    resolve_step(LYAP_TRAINER, trials.train ? static_cast<const Step&>(*trials.train) : untrained,
                 plan_.train);
    if (trials.train && trials.train->checkpoints) plan_.checkpoints = *trials.train->checkpoints;
    for (const Step& step : trials.measure) resolve_measure(step);
    for (const Column& column : trials.record) check_column(column);
    mistakes_.throw_if_any();
    return std::move(plan_);
  }

 private:
  void refuse_what_cannot_be_run_yet() {
    const Trials& trials = pipeline_.trials;
    if (!trials.sweep.is(Node::Kind::Null))
      mistakes_.add(trials.sweep.key_place,
                    "this version runs one network at a time; take 'sweep' out and set its "
                    "variables with -s");
    if (!pipeline_.study.empty())
      mistakes_.add(pipeline_.study.front().place,
                    "this version has no studies over many networks; take 'study' out");
  }

  /// Finds the plugin and checks the options; leaves the plugin null after a mistake.
  void resolve_step(int kind, const Step& asked, PlannedStep& planned) {
    planned.as = asked.as.empty() ? asked.use : asked.as;
    planned.place = asked.place;
    if (asked.use.empty()) return;  // told while the file was read
    try {
      planned.plugin = &catalog_.find(kind, asked.use);
    } catch (const InputError& e) {
      mistakes_.add(asked.place, e.what(), "lyap plugins lists what is installed");
      return;
    }
    const Owner owner{std::string(kind_name(kind)), asked.use, asked.place};
    planned.values = check_options(owner, planned.plugin->options(), asked.with, mistakes_);
  }

  void resolve_measure(const Step& asked) {
    PlannedMeasure& planned = plan_.measures.emplace_back();
    resolve_step(LYAP_ANALYSIS, asked, planned);
    if (asked.at) {
      planned.at = *asked.at;
      const bool of_training = planned.at.which != Epochs::Which::Last;
      if (of_training && !pipeline_.trials.train)
        mistakes_.add(planned.at.place,
                      "epochs are those of training, and this pipeline has no 'train'");
    }
    if (!planned.plugin) return;
    for (const Connection& connection : asked.from)
      check_connection(asked, *planned.plugin, connection);
    results_[planned.as] = planned.plugin;
  }

  void check_connection(const Step& step, const Plugin& plugin, const Connection& connection) {
    std::vector<std::string> inputs;
    for (const lyap_port& port : plugin.ports())
      if (port.role != LYAP_RESULT) inputs.emplace_back(port.name);
    if (!std::count(inputs.begin(), inputs.end(), connection.port)) {
      mistakes_.add(connection.port_place,
                    fmt::format("analysis '{}' has no port '{}'{}", step.use, connection.port,
                                did_you_mean(connection.port, inputs)),
                    "lyap describe " + step.use + " lists its ports");
      return;
    }
    if (connection.source.find('.') != std::string::npos)
      check_result(connection.source, connection.place);
  }

  void check_column(const Column& column) {
    if (column.expression.starts_with("train.")) {
      if (!pipeline_.trials.train)
        mistakes_.add(column.place,
                      "there are no figures of training: the pipeline has no 'train'");
    } else if (column.expression.find('.') != std::string::npos) {
      check_result(column.expression, column.place);
    }
  }

  /// "le.spectra": is it a result of the step called le?
  void check_result(const std::string& source, const Place& place) {
    const std::size_t dot = source.find('.');
    const auto step = results_.find(source.substr(0, dot));
    if (step == results_.end()) return;  // told by check_references, or its plugin is unknown
    const std::string result = source.substr(dot + 1);
    std::vector<std::string> names;
    for (const lyap_port& port : step->second->ports())
      if (port.role == LYAP_RESULT) names.emplace_back(port.name);
    if (std::count(names.begin(), names.end(), result)) return;
    mistakes_.add(place, fmt::format("'{}' is not a result of '{}'; it gives {}", source,
                                     step->second->id(), join(names)));
  }

  const Pipeline& pipeline_;
  const Catalog& catalog_;
  Mistakes mistakes_;
  Plan plan_;
  std::map<std::string, const Plugin*> results_;  // measures so far, by name
};

}  // namespace

Plan resolve(const Pipeline& pipeline, const Catalog& catalog, Mistakes mistakes) {
  return Resolving(pipeline, catalog, std::move(mistakes)).plan();
}

}  // namespace lyap::framework
