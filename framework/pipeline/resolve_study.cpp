// framework/pipeline/resolve_study.cpp - the studies of a pipeline: what they are fed with.
#include "pipeline/resolve_study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "pipeline/resolve_step.hpp"

namespace lyap::framework {
namespace {

/// Whether a source with these axes may feed a port with those: one of `seed`, one of `checkpoint`
/// is what a source without them has.
bool fits(const std::vector<std::string>& given, const std::vector<std::string>& wanted) {
  std::size_t at = 0;
  for (const std::string& axis : wanted) {
    if (at < given.size() && given[at] == axis)
      ++at;
    else if (axis != "seed" && axis != "checkpoint")
      return false;
  }
  return at == given.size();
}

class Studies {
 public:
  Studies(Plan& plan, const Catalog& catalog, Mistakes& mistakes)
      : plan_(plan), catalog_(catalog), mistakes_(mistakes) {}

  void resolve(const Step& asked) {
    PlannedStudy planned;
    resolve_step(catalog_, LYAP_ANALYSIS, asked, planned, mistakes_);
    if (planned.plugin && !is_study(*planned.plugin))
      mistakes_.add(asked.place, fmt::format("analysis '{}' measures one network; put it under "
                                             "trials.measure and record its results",
                                             asked.use));
    else if (planned.plugin)
      connect_all(asked, planned);
    plan_.studies.push_back(std::move(planned));
  }

 private:
  void connect_all(const Step& asked, PlannedStudy& planned) {
    for (const Connection& connection : asked.from) connect(connection, planned);
    for (const lyap_port& port : planned.plugin->ports()) {
      const bool connected =
          std::any_of(asked.from.begin(), asked.from.end(),
                      [&](const Connection& connection) { return connection.port == port.name; });
      if (port.role == LYAP_INPUT && !connected)
        mistakes_.add(
            asked.place,
            fmt::format("analysis '{}' needs {} at its port '{}'; connect a column of the "
                        "table, trials.COLUMN, or a result of a study above with 'from'",
                        asked.use, port.quantity, port.name));
    }
  }

  void connect(const Connection& connection, PlannedStudy& planned) {
    const lyap_port* port = input_port(*planned.plugin, connection, mistakes_);
    if (!port) return;
    const std::size_t dot = std::min(connection.source.find('.'), connection.source.size());
    const std::string from = connection.source.substr(0, dot);
    const std::string result =
        dot < connection.source.size() ? connection.source.substr(dot + 1) : "";
    const std::optional<Quantity> given = quantity(connection, from, result);
    if (!given) return;
    const Quantity wanted = Quantity::parse(port->quantity);
    if (!fits(given->axes, wanted.axes) || (!wanted.unit.empty() && wanted.unit != given->unit))
      mistakes_.add(connection.place, fmt::format("port '{}' takes {}, and '{}' is {}", port->name,
                                                  wanted.text(), connection.source, given->text()));
    planned.inputs.push_back({port->name, from, result});
  }

  /// What a source is; nothing when it is not there, which is then told here or was before.
  std::optional<Quantity> quantity(const Connection& connection, const std::string& from,
                                   const std::string& result) {
    if (from == "trials") return quantity_of_table(connection, result);
    for (const PlannedStudy& study : plan_.studies) {
      if (study.as != from || !study.plugin) continue;
      std::vector<std::string> results;
      for (const lyap_port& port : study.plugin->ports()) {
        if (port.role != LYAP_RESULT) continue;
        results.emplace_back(port.name);
        if (result == port.name) return Quantity::parse(port.quantity);
      }
      mistakes_.add(connection.place,
                    fmt::format("'{}' is not a result of '{}'; it gives {}", connection.source,
                                study.plugin->id(), join(results)));
    }
    return std::nullopt;  // told by check_references, or its plugin is unknown
  }

  std::optional<Quantity> quantity_of_table(const Connection& connection,
                                            const std::string& result) {
    if (result.empty()) return Quantity{"network", {"network"}, ""};
    const std::string name = result.substr(0, result.find('.'));
    for (const Column& column : plan_.asked.trials.record) {
      if (column.name != name) continue;
      if (name == result) return quantity_of(column, plan_);
      if (result == name + ".epoch" && column.recorded.at)
        return Quantity{"epoch", {"checkpoint"}, ""};
      mistakes_.add(connection.place,
                    fmt::format("of a column there is trials.{0}, and trials.{0}.epoch when it is "
                                "recorded at several epochs; got '{1}'",
                                name, connection.source));
      return std::nullopt;
    }
    return std::nullopt;  // told by check_references
  }

  Plan& plan_;
  const Catalog& catalog_;
  Mistakes& mistakes_;
};

}  // namespace

void resolve_studies(Plan& plan, const Catalog& catalog, Mistakes& mistakes) {
  Studies studies(plan, catalog, mistakes);
  for (const Step& step : plan.asked.study) studies.resolve(step);
}

}  // namespace lyap::framework
