// framework/pipeline/resolve_report.cpp - the charts that a pipeline asks for: do they name what is
// there?
#include "pipeline/resolve_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "pipeline/fields.hpp"

namespace lyap::framework {
namespace {

using Words = std::vector<std::string>;
using Kind = Node::Kind;

Words parts_of(const std::string& reference) {
  Words parts(1);
  for (const char c : reference)
    if (c == '.')
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

class Checking {
 public:
  Checking(const Plan& plan, Mistakes& mistakes) : plan_(plan), mistakes_(mistakes) {}

  void entry(const Node& entry) {
    const Words kinds = {"scatter", "histogram", "lines", "table"};
    if (!entry.is(Kind::Map) || entry.children.size() != 1) {
      mistakes_.add(entry.place,
                    fmt::format("a chart is written scatter: {{x: ..., y: ...}}, and so "
                                "are histogram, lines and table; got {}",
                                shown(entry)));
      return;
    }
    const Node& body = entry.children.front();
    if (std::find(kinds.begin(), kinds.end(), body.key) == kinds.end())
      mistakes_.add(body.key_place, fmt::format("there is no chart '{}'{}; there are {}", body.key,
                                                did_you_mean(body.key, kinds), join(kinds)));
    else if (body.key == "table")
      table(body);
    else
      chart(body);
  }

 private:
  void table(const Node& body) {
    if (!body.is(Kind::Scalar))
      mistakes_.add(body.place,
                    "'table' takes one result, such as verdict.mean; got " + shown(body));
    else
      quantity(body);
  }

  void chart(const Node& body) {
    if (!body.is(Kind::Map)) {
      mistakes_.add(body.place, fmt::format("'{}' takes a map such as {{x: trials.loss}}; got {}",
                                            body.key, shown(body)));
      return;
    }
    Fields fields(body, "'" + body.key + "'", mistakes_);
    const bool lines = body.key == "lines";
    const Node* x = fields.require("x", lines ? "the axis along which lines run" : "what is shown");
    const Node* y = body.key == "histogram" ? nullptr : fields.require("y", "what is shown");
    const Node* colour = fields.take("colour");
    const Node* panels = fields.take("panels");
    if (body.key == "scatter") fields.choice("split", {"median", "best"}, "median");
    if (body.key == "histogram") fields.boolean("stacked", true);
    if (lines) fields.boolean("points", false);
    const Node* band = lines ? fields.take("band") : nullptr;
    fields.finish();

    const Node* shown_values = lines ? y : x;
    if (!shown_values) return;
    const std::optional<Quantity> of = quantity(*shown_values);
    if (!of) return;
    if (lines && x) axis(*x, *of);
    if (!lines && y) quantity(*y);
    if (band) quantity(*band);
    if (colour) axis_or_reference(*colour, *of);
    if (panels && panels->is(Kind::List))
      for (const Node& panel : panels->children) axis_or_reference(panel, *of);
    else if (panels)
      axis_or_reference(*panels, *of);
  }

  void axis(const Node& node, const Quantity& of) {
    if (std::find(of.axes.begin(), of.axes.end(), node.text) != of.axes.end()) return;
    mistakes_.add(node.place, fmt::format("'{}' is no axis of {}{}", node.text, of.text(),
                                          did_you_mean(node.text, of.axes)));
  }

  /// A single checkpoint has no axis; then there is one panel.
  void axis_or_reference(const Node& node, const Quantity& of) {
    if (node.is(Kind::Scalar) && node.text == "epoch") return;
    if (node.is(Kind::Scalar) && node.text.find('.') == std::string::npos)
      axis(node, of);
    else
      quantity(node);
  }

  /// What a reference shows; nothing when it is not there, which is then told.
  std::optional<Quantity> quantity(const Node& node) {
    const Words parts = parts_of(node.text);
    if (!node.is(Kind::Scalar) || parts.size() < 2 || parts[1].empty()) {
      mistakes_.add(node.place, fmt::format("a chart shows a column, trials.COLUMN, or a result, "
                                            "STEP.RESULT; got {}",
                                            shown(node)));
      return std::nullopt;
    }
    std::optional<Quantity> found =
        parts[0] == "trials" ? column(node, parts) : result(node, parts);
    if (!found) return std::nullopt;
    for (std::size_t i = 2; i < parts.size(); ++i) {
      const auto number = parse_integer(parts[i]);
      if (found->axes.empty() || (number && *number < 1)) {
        mistakes_.add(node.place, fmt::format("'{}' of '{}' is no place of an axis: places are "
                                              "words, or numbers from 1, of the last axis of {}",
                                              parts[i], node.text, found->text()));
        return std::nullopt;
      }
      found->axes.pop_back();
    }
    return found;
  }

  std::optional<Quantity> column(const Node& node, const Words& parts) {
    Words names;
    for (const Column& column : plan_.asked.trials.record) {
      if (column.name == parts[1]) return quantity_of(column, plan_);
      names.push_back(column.name);
    }
    mistakes_.add(node.place, fmt::format("there is no column '{}'{}; record gives {}", parts[1],
                                          did_you_mean(parts[1], names), join(names)));
    return std::nullopt;
  }

  std::optional<Quantity> result(const Node& node, const Words& parts) {
    Words steps = {"trials"};
    const PlannedStep* step = nullptr;
    const auto look_at = [&](const PlannedStep& planned) {
      steps.push_back(planned.as);
      if (planned.as == parts[0]) step = &planned;
    };
    for (const PlannedMeasure& measure : plan_.measures) look_at(measure);
    for (const PlannedStudy& study : plan_.studies) look_at(study);
    if (!step) {
      mistakes_.add(node.place, fmt::format("there is no step '{}'{}; there are {}", parts[0],
                                            did_you_mean(parts[0], steps), join(steps)));
      return std::nullopt;
    }
    if (!step->plugin) return std::nullopt;  // told where it is used
    Words results;
    for (const lyap_port& port : step->plugin->ports()) {
      if (port.role != LYAP_RESULT) continue;
      if (parts[1] == port.name) return Quantity::parse(port.quantity);
      results.emplace_back(port.name);
    }
    mistakes_.add(node.place, fmt::format("'{}' is not a result of '{}'{}; it gives {}",
                                          parts[0] + "." + parts[1], step->plugin->id(),
                                          did_you_mean(parts[1], results), join(results)));
    return std::nullopt;
  }

  const Plan& plan_;
  Mistakes& mistakes_;
};

}  // namespace

void check_report(const Plan& plan, Mistakes& mistakes) {
  Checking checking(plan, mistakes);
  if (plan.asked.report.is(Kind::List))
    for (const Node& entry : plan.asked.report.children) checking.entry(entry);
}

}  // namespace lyap::framework
