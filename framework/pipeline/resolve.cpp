// framework/pipeline/resolve.cpp - finds the plugin behind every name of a pipeline and checks what
// is asked of it.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/quantity.hpp"
#include "base/text.hpp"
#include "pipeline/plan.hpp"
#include "pipeline/resolve_report.hpp"
#include "pipeline/resolve_step.hpp"
#include "pipeline/resolve_study.hpp"

namespace lyap::framework {
namespace {

class Resolving {
 public:
  Resolving(const Pipeline& pipeline, const Catalog& catalog, Mistakes mistakes)
      : pipeline_(pipeline), catalog_(catalog), mistakes_(std::move(mistakes)) {}

  Plan plan() {
    const Trials& trials = pipeline_.trials;
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
    resolve_studies(plan_, catalog_, mistakes_);
    check_report(plan_, mistakes_);
    mistakes_.throw_if_any();
    return std::move(plan_);
  }

 private:
  /// A measure whose results later steps may use.
  struct Source {
    const Plugin* plugin;
    Epochs at;
  };

  void resolve_step(int kind, const Step& asked, PlannedStep& planned) {
    framework::resolve_step(catalog_, kind, asked, planned, mistakes_);
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
    if (is_study(*planned.plugin)) {
      mistakes_.add(asked.place,
                    fmt::format("analysis '{}' works on the table of all networks, not on one; put "
                                "it under 'study'",
                                asked.use));
      return;
    }
    for (const Connection& connection : asked.from) connect(connection, planned);
    for (const lyap_port& port : planned.plugin->ports())
      if (port.role == LYAP_INPUT && !is_connected(planned, port.name))
        mistakes_.add(asked.place,
                      fmt::format("analysis '{}' needs {} at its port '{}'; connect a result of a "
                                  "measure above with 'from'",
                                  asked.use, port.quantity, port.name));
    results_[planned.as] = {planned.plugin, planned.at};
  }

  static bool is_connected(const PlannedMeasure& planned, std::string_view port) {
    return std::any_of(planned.inputs.begin(), planned.inputs.end(),
                       [&](const PlannedInput& input) { return input.port == port; });
  }

  void connect(const Connection& connection, PlannedMeasure& planned) {
    const lyap_port* port = input_port(*planned.plugin, connection, mistakes_);
    if (!port) return;
    const std::size_t dot = connection.source.find('.');
    const std::string name = connection.source.substr(0, dot);
    const auto source = results_.find(name);
    if (dot == std::string::npos || (source == results_.end() && is_no_measure(name))) {
      mistakes_.add(connection.place,
                    fmt::format("port '{}' takes a result of a measure above, written "
                                "MEASURE.RESULT; got '{}'",
                                port->name, connection.source));
      return;
    }
    if (source == results_.end()) return;  // told by check_references, or its plugin is unknown
    check_result(connection.source, connection.place);
    planned.inputs.push_back({port->name, name, connection.source.substr(dot + 1)});
    check_agreement(connection, *port, source->second);
    check_same_epochs(connection, planned, source->second);
  }

  static bool is_no_measure(std::string_view name) {
    return name == "task" || name == "cell" || name == "train";
  }

  /// Axes and unit; names of quantities are for people.
  void check_agreement(const Connection& connection, const lyap_port& port, const Source& source) {
    const std::string result = connection.source.substr(connection.source.find('.') + 1);
    for (const lyap_port& given : source.plugin->ports()) {
      if (given.role != LYAP_RESULT || result != given.name) continue;
      const Quantity wanted = Quantity::parse(port.quantity), got = Quantity::parse(given.quantity);
      if (wanted.axes != got.axes || wanted.unit != got.unit)
        mistakes_.add(connection.place, fmt::format("port '{}' takes {}, and '{}' is {}", port.name,
                                                    wanted.text(), connection.source, got.text()));
    }
  }

  /// A result is there at the checkpoints its measure looks at, and at no others.
  void check_same_epochs(const Connection& connection, const PlannedMeasure& planned,
                         const Source& source) {
    if (planned.at.which != source.at.which || planned.at.listed != source.at.listed)
      mistakes_.add(
          connection.place,
          fmt::format("'{}' is measured at other epochs than '{}'; give both the same "
                      "'at'",
                      connection.source.substr(0, connection.source.find('.')), planned.as));
  }

  void check_column(const Column& column) {
    const Recorded& recorded = column.recorded;
    if (recorded.step == "train" && !pipeline_.trials.train)
      mistakes_.add(column.place, "there are no figures of training: the pipeline has no 'train'");
    if (recorded.what != Recorded::What::Result) return;
    check_result(recorded.step + "." + recorded.name, column.place);
    const auto measure = results_.find(recorded.step);
    if (measure == results_.end() || !recorded.at ||
        measure->second.at.which == Epochs::Which::Every)
      return;
    for (const std::int64_t epoch : recorded.at->listed)
      if (const auto& at = measure->second.at.listed; !std::count(at.begin(), at.end(), epoch))
        mistakes_.add(column.place, fmt::format("'{}' is not measured at epoch {}; add it to its "
                                                "'at'",
                                                recorded.step, epoch));
  }

  /// "le.spectra": is it a result of the step called le?
  void check_result(const std::string& source, const Place& place) {
    const std::size_t dot = source.find('.');
    const auto step = results_.find(source.substr(0, dot));
    if (step == results_.end()) return;  // told by check_references, or its plugin is unknown
    const std::string result = source.substr(dot + 1);
    std::vector<std::string> names;
    const Plugin& plugin = *step->second.plugin;
    for (const lyap_port& port : plugin.ports())
      if (port.role == LYAP_RESULT) names.emplace_back(port.name);
    if (std::count(names.begin(), names.end(), result)) return;
    mistakes_.add(place, fmt::format("'{}' is not a result of '{}'; it gives {}", source,
                                     plugin.id(), join(names)));
  }

  const Pipeline& pipeline_;
  const Catalog& catalog_;
  Mistakes mistakes_;
  Plan plan_;
  std::map<std::string, Source> results_;  // measures so far, by name
};

}  // namespace

Plan resolve(const Pipeline& pipeline, const Catalog& catalog, Mistakes mistakes) {
  return Resolving(pipeline, catalog, std::move(mistakes)).plan();
}

}  // namespace lyap::framework
