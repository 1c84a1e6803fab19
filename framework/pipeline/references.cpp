// framework/pipeline/references.cpp - a step may only use what stands above it.
#include "pipeline/references.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace lyap::framework {
namespace {

using Names = std::vector<std::string>;

bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Names names_of(const std::vector<Step>& steps) {
  Names names;
  for (const Step& step : steps) names.push_back(step.as);
  return names;
}

/// "le" of "le.spectrum".
std::string first_part(std::string_view source) {
  return std::string(source.substr(0, source.find('.')));
}

void check_unique(const Pipeline& pipeline, Mistakes& mistakes) {
  std::vector<const Step*> seen;
  const auto check = [&](const Step& step) {
    const auto first = std::find_if(seen.begin(), seen.end(),
                                    [&](const Step* other) { return other->as == step.as; });
    if (first != seen.end() && !step.as.empty())
      mistakes.add(
          step.as_place,
          fmt::format("another step is called {} (at {}:{}); give one of them another "
                      "name with 'as'",
                      quoted(step.as), (*first)->as_place.line, (*first)->as_place.column));
    seen.push_back(&step);
  };
  for (const Step& step : pipeline.trials.measure) check(step);
  for (const Step& step : pipeline.study) check(step);
}

/// Adds that a source names no step of `above`; says so if it is one of `below`.
void refuse_source(const Place& place, const std::string& name, const Names& above,
                   const Names& below, Mistakes& mistakes) {
  if (contains(below, name))
    mistakes.add(place, fmt::format("{} is not above this step; a step uses what stands above it",
                                    quoted(name)));
  else
    mistakes.add(place, fmt::format("no step above is called {}{}", quoted(name),
                                    did_you_mean(name, above)));
}

void check_column(const Connection& connection, const std::vector<Column>& record,
                  Mistakes& mistakes) {
  if (connection.source == "trials") return;
  const std::string name = first_part(std::string_view(connection.source).substr(7));
  Names columns;
  for (const Column& column : record) columns.push_back(column.name);
  if (contains(columns, name)) return;
  const std::string near = did_you_mean(name, columns);
  mistakes.add(connection.place, fmt::format("'record' has no column {}{}", quoted(name),
                                             near.empty() ? "; it has " + join(columns) : near));
}

void check_measures(const Trials& trials, Mistakes& mistakes) {
  Names above = {"task", "cell", "train"};
  const Names all = names_of(trials.measure);
  for (const Step& step : trials.measure) {
    for (const Connection& connection : step.from)
      if (const std::string name = first_part(connection.source); !contains(above, name))
        refuse_source(connection.place, name, above, all, mistakes);
    above.push_back(step.as);
  }
}

void check_study(const Pipeline& pipeline, Mistakes& mistakes) {
  Names above = {"trials"};
  const Names all = names_of(pipeline.study), measures = names_of(pipeline.trials.measure);
  for (const Step& step : pipeline.study) {
    for (const Connection& connection : step.from) {
      const std::string name = first_part(connection.source);
      if (name == "trials" && !pipeline.trials.record.empty())
        check_column(connection, pipeline.trials.record, mistakes);
      else if (contains(measures, name) && !contains(above, name))
        mistakes.add(connection.place,
                     fmt::format("{} belongs to one network; record it as a column and use "
                                 "trials.COLUMN",
                                 quoted(connection.source)));
      else if (!contains(above, name))
        refuse_source(connection.place, name, above, all, mistakes);
    }
    above.push_back(step.as);
  }
}

void check_record(const Trials& trials, Mistakes& mistakes) {
  Names variables, steps = {"task", "cell", "train"};
  for (const Node& variable : trials.sweep.children) variables.push_back(variable.key);
  for (const Step& step : trials.measure) steps.push_back(step.as);
  for (const Column& column : trials.record) {
    const bool variable = column.recorded.what == Recorded::What::Variable;
    const std::string& name = column.recorded.step;
    if (variable && !contains(variables, name))
      mistakes.add(column.place, fmt::format("'sweep' has no variable {}{}", quoted(name),
                                             did_you_mean(name, variables)));
    else if (!variable && !contains(steps, name))
      mistakes.add(column.place, fmt::format("no step of 'trials' is called {}{}", quoted(name),
                                             did_you_mean(name, steps)));
  }
}

}  // namespace

void check_references(const Pipeline& pipeline, Mistakes& mistakes) {
  check_unique(pipeline, mistakes);
  check_measures(pipeline.trials, mistakes);
  check_record(pipeline.trials, mistakes);
  check_study(pipeline, mistakes);
}

}  // namespace lyap::framework
