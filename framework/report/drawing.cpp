// framework/report/drawing.cpp - one requested chart: what it refers to, its panels and colours.
#include "report/drawing.hpp"

#include <algorithm>

#include "report/forms.hpp"
#include "report/said_tables.hpp"
#include "report/word_tables.hpp"

namespace lyap::framework {

using Cells = std::vector<std::string>;

void Drawing::add() {
  if (request_.kind == "table") return add_table();
  const std::string& first = request_.kind == "lines" ? request_.y : request_.x;
  values_ = named_values(found_, first);
  if (!values_) return tell(first);
  group_ = group_of(found_, first);
  if (!choose_panels() || !choose_colour()) return;
  if (request_.kind == "scatter") add_scatter();
  if (request_.kind == "histogram") add_histogram();
  if (request_.kind == "lines") add_lines();
}

void Drawing::tell(const std::string& reference) {
  section_.paragraphs.push_back("A " + request_.kind + " of '" + reference +
                                "' was asked for, which is not there.");
}

std::optional<Alongside> Drawing::along(const std::string& reference) const {
  const std::string axis = reference == "epoch" ? "checkpoint" : reference;
  return Alongside::make(found_, *values_, group_, axis);
}

bool Drawing::choose_panels() {
  Cells panels = request_.panels;
  for (std::string& panel : panels)
    if (panel == "epoch" && extent_of(values_->array, "checkpoint") <= 1) panel.clear();
  for (const std::string& panel : panels) {
    if (panel.empty()) continue;
    auto found = along(panel);
    if (!found) return tell(panel), false;
    panels_.push_back(std::move(*found));
  }
  return true;
}

bool Drawing::choose_colour() {
  if (request_.colour.empty()) return true;
  colour_ = along(request_.colour);
  if (!colour_) tell(request_.colour);
  return colour_.has_value();
}

std::string Drawing::panel_of(const Places& places) const {
  std::string name;
  for (const Alongside& panel : panels_)
    name += (name.empty() ? "" : ", ") + (panel.has_words() ? "" : panel.title() + " ") +
            panel.word(places);
  return name;
}

void Drawing::note_panel(const Places& places, Chart& chart) {
  if (panels_.empty()) return;
  const std::string name = panel_of(places);
  if (std::find(panel_order_.begin(), panel_order_.end(), name) == panel_order_.end())
    panel_order_.push_back(name);
  chart.data["panel"].texts.push_back(name);
}

void Drawing::note_colour(const Places& places, Chart& chart) const {
  if (!colour_) return;
  if (colour_->has_words())
    chart.data["colour"].texts.push_back(colour_->word(places));
  else
    chart.data["colour"].numbers.push_back(colour_->number(places));
}

Cells Drawing::colour_order() const {
  return colour_ ? colour_->words() : Cells{};
}

void Drawing::finish(Chart chart, const std::string& title) {
  if (!panels_.empty() && panel_order_.size() > 1) {
    chart.view = in_panels(chart.view, "panel", panel_order_, panel_order_.size() > 4 ? 4 : 2);
    // Kinds of networks differ by more than one scale shows.
    if (request_.kind == "lines") chart.view["resolve"]["scale"]["y"] = "independent";
  }
  chart.title = title;
  section_.charts.push_back(std::move(chart));
}

void Drawing::add_table() {
  const std::string& reference = request_.x;
  const std::size_t dot = reference.find('.');
  const ResultGroup* group = found_.group(reference.substr(0, dot));
  const MeasuredArray* array =
      group && dot != std::string::npos ? group->find(reference.substr(dot + 1)) : nullptr;
  if (!array) return tell(reference);
  Section apart;
  if (add_words(*group, *array, apart)) {
    for (ReportTable& table : apart.tables) section_.tables.push_back(std::move(table));
    return;
  }
  for (ReportTable& table : said_tables(found_, group->name))
    section_.tables.push_back(std::move(table));
}

void add_requested(const Found& found, const ChartRequest& request, Section& section) {
  Drawing(found, request, section).add();
}

}  // namespace lyap::framework
