// framework/report/highlights.cpp - a few networks from the best to the worst, in colours of their
// own.
#include "report/highlights.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "report/forms.hpp"
#include "report/kind_charts.hpp"
#include "report/network_charts.hpp"

namespace lyap::framework {
namespace {

MarkedNetworks chosen(const Found& found) {
  const std::vector<std::size_t> order = ranked(found);
  const MeasuredArray& figure = *ranking_column(found);
  MarkedNetworks marked;
  for (const std::size_t rank : spread_out(order.size(), order.size() < 12 ? 3 : 6))
    marked.emplace_back(fmt::format("{}: {:.4g}", static_cast<char>('A' + marked.size()),
                                    figure.values[order[rank]]),
                        order[rank]);
  return marked;
}

ReportTable settings(const Found& found, const MarkedNetworks& marked) {
  const std::string& figure = ranking_column(found)->port;
  ReportTable table{"Networks from the least to the largest " + figure,
                    "each in points/ID, a folder that lyap report shows too",
                    {"", "network"},
                    {},
                    ""};
  std::vector<const MeasuredArray*> columns;
  for (const MeasuredArray& column : found.table.columns)
    if (column.shape.size() == 1) columns.push_back(&column);
  for (const MeasuredArray* column : columns) table.columns.push_back(column->port);
  for (const auto& [word, network] : marked) {
    std::vector<std::string> row{word.substr(0, 1), found.table.ids[network]};
    for (const MeasuredArray* column : columns) row.push_back(cell_of(*column, network));
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// One network's spectrum at its last checkpoint, without the padding of shorter ones.
std::vector<double> spectrum_of(const MeasuredArray& spectra, std::size_t network) {
  MeasuredArray line = picked(spectra, "network", static_cast<std::int64_t>(network));
  if (has_axis(line, "checkpoint"))
    line = picked(line, "checkpoint", extent_of(line, "checkpoint") - 1);
  std::erase_if(line.values, [](double v) { return !std::isfinite(v); });
  return line.values;
}

Chart marked_spectra(const MeasuredArray& spectra, const std::string& figure,
                     const MarkedNetworks& marked) {
  Chart chart;
  Lines lines{.x = "index",
              .x_title = "index",
              .y = "value",
              .y_title = spectra.port + " (" + spectra.quantity.unit + ")",
              .colour = "which",
              .colour_title = figure};
  for (const auto& [word, network] : marked) {
    lines.order.push_back(word);
    const std::vector<double> values = spectrum_of(spectra, network);
    for (std::size_t i = 0; i < values.size(); ++i) {
      chart.data["index"].numbers.push_back(static_cast<double>(i + 1));
      chart.data["value"].numbers.push_back(values[i]);
      chart.data["which"].texts.push_back(word);
    }
  }
  chart.title = "Spectra of the highlighted networks: " + spectra.port;
  chart.caption = "the colours are those of the other charts of this section";
  chart.view = lines_view(lines);
  return chart;
}

/// The figure over one number of every spectrum.
Chart marked_statistic(const Found& found, const MeasuredArray& spectra,
                       const MarkedNetworks& marked, const std::string& name, auto&& statistic) {
  const MeasuredArray& figure = *ranking_column(found);
  MarkedPoints points{{},          figure.values, name + " (" + spectra.quantity.unit + ")",
                      figure.port, figure.port,   marked};
  for (std::size_t n = 0; n < figure.values.size(); ++n) {
    const std::vector<double> values = spectrum_of(spectra, n);
    points.x.push_back(values.empty() ? std::numeric_limits<double>::quiet_NaN()
                                      : statistic(values));
  }
  Chart chart = marked_points(points);
  chart.title = figure.port + " and " + name + ", highlighted networks";
  return chart;
}

}  // namespace

Section highlights_section(const Found& found) {
  Section section{"Highlighted networks", "highlights", {}, {}, {}, {}};
  if (ranked(found).size() < 3) return section;
  const MarkedNetworks marked = chosen(found);
  const std::string& figure = ranking_column(found)->port;
  section.tables.push_back(settings(found, marked));
  for (const MeasuredArray& spectra : found.table.columns) {
    if (!is_spectral(spectra)) continue;
    section.charts.push_back(marked_spectra(spectra, figure, marked));
    section.charts.push_back(marked_statistic(
        found, spectra, marked, "largest of " + spectra.port,
        [](const std::vector<double>& v) { return *std::max_element(v.begin(), v.end()); }));
    section.charts.push_back(marked_statistic(found, spectra, marked, "mean of " + spectra.port,
                                              [](const std::vector<double>& v) {
                                                double sum = 0;
                                                for (const double value : v) sum += value;
                                                return sum / static_cast<double>(v.size());
                                              }));
    break;  // the other columns are variants of the first
  }
  if (const std::string study = chosen_placing(found); !study.empty()) {
    section.charts.push_back(marked_in_embedding(found, study, figure, marked));
    section.charts.back().title = "Highlighted networks in the embedding of " + study;
  }
  return section;
}

}  // namespace lyap::framework
