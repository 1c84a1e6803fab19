// framework/report/compare_sweeps.cpp - the networks of several sweeps beside each other.
#include "report/compare_sweeps.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "report/forms.hpp"
#include "report/network_charts.hpp"
#include "report/quantiles.hpp"

namespace lyap::framework {
namespace {

using Cells = std::vector<std::string>;

/// A chart of each figure that ranks networks somewhere: sweeps of different tasks have several.
void add_figures(const std::vector<Found>& folders, const Cells& names, Section& section) {
  std::map<std::string, Chart> charts;
  std::map<std::string, Cells> orders;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    const MeasuredArray* figure = folders[i].many ? ranking_column(folders[i]) : nullptr;
    if (!figure) continue;
    Chart& chart = charts[figure->port];
    orders[figure->port].push_back(names[i]);
    for (const std::size_t network : ranked(folders[i])) {
      chart.data["value"].numbers.push_back(figure->values[network]);
      chart.data["kind"].texts.push_back(names[i]);
      chart.data["network"].texts.push_back(folders[i].table.ids[network]);
    }
  }
  for (auto& [port, chart] : charts) {
    chart.title = port + " of the networks of each sweep";
    chart.caption =
        "every network; box: quartiles, whiskers to the last within 1.5 of their distance";
    chart.view = boxes_view(port, orders[port], spans_decades(chart.data["value"].numbers));
    section.charts.push_back(std::move(chart));
  }
}

/// Median and quartiles over the networks at every index of the last checkpoint.
void add_quartiles(const MeasuredArray& spectra, const std::string& name, Chart& chart) {
  const MeasuredArray last =
      has_axis(spectra, "checkpoint")
          ? picked(spectra, "checkpoint", extent_of(spectra, "checkpoint") - 1)
          : spectra;
  const auto indices = static_cast<std::size_t>(extent_of(last, "index"));
  for (std::size_t index = 0; index < indices; ++index) {
    std::vector<double> values;
    for (std::size_t at = index; at < last.values.size(); at += indices)
      if (std::isfinite(last.values[at])) values.push_back(last.values[at]);
    if (values.empty()) continue;
    std::sort(values.begin(), values.end());
    chart.data["index"].numbers.push_back(static_cast<double>(index + 1));
    chart.data["median"].numbers.push_back(quantile(values, 0.5));
    chart.data["low"].numbers.push_back(quantile(values, 0.25));
    chart.data["high"].numbers.push_back(quantile(values, 0.75));
    chart.data["which"].texts.push_back(name);
  }
}

void add_spectra(const std::vector<Found>& folders, const Cells& names, Section& section) {
  std::map<std::string, Chart> charts;
  for (std::size_t i = 0; i < folders.size(); ++i)
    if (folders[i].many)
      for (const MeasuredArray& column : folders[i].table.columns)
        if (is_spectral(column))
          add_quartiles(column, names[i], charts[column.port + " (" + column.quantity.unit + ")"]);
  for (auto& [title, chart] : charts) {
    Lines lines{.x = "index",
                .x_title = "index",
                .y = "median",
                .y_title = title,
                .colour = "which",
                .colour_title = "sweep",
                .low = "low",
                .high = "high"};
    for (const std::string& name : names)
      if (const Cells& shown = chart.data["which"].texts;
          std::find(shown.begin(), shown.end(), name) != shown.end())
        lines.order.push_back(name);
    chart.title = "Spectra of each sweep: " + title;
    chart.caption = "median over the networks, band: the middle half of them; the last checkpoint";
    chart.view = lines_view(lines);
    section.charts.push_back(std::move(chart));
  }
}

}  // namespace

Section compared_sweeps(const std::vector<Found>& folders, const std::vector<std::string>& names) {
  Section section{"Networks", "networks", {}, {}, {}, {}};
  add_figures(folders, names, section);
  add_spectra(folders, names, section);
  return section;
}

}  // namespace lyap::framework
