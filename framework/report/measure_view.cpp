// framework/report/measure_view.cpp - a measure while its charts are made.
#include "report/measure_view.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lyap::framework {

std::string titled(const MeasuredArray& array) {
  const std::string& unit = array.quantity.unit;
  std::string name = array.port;
  std::replace(name.begin(), name.end(), '_', ' ');
  return unit.empty() ? name : name + " (" + unit + ")";
}

bool is_rate(const MeasuredArray& array) {
  return array.quantity.unit.starts_with("nats") || array.quantity.unit.starts_with("bits");
}

MeasuredArray MeasureView::chosen(MeasuredArray array, const Axes& keep,
                                  std::string& caption) const {
  for (const std::string& axis : Axes(array.quantity.axes)) {
    if (std::find(keep.begin(), keep.end(), axis) != keep.end()) continue;
    const std::int64_t extent = extent_of(array, axis);
    if (extent == 1 && axis != "checkpoint") {
      array = picked(array, axis, 0);
      continue;
    }
    const Axes names = group.names(array, axis);
    std::int64_t place = axis == "checkpoint" ? extent - 1 : 0;
    if (const std::string* headline = group.note("headline"))
      if (const auto named = std::find(names.begin(), names.end(), *headline); named != names.end())
        place = named - names.begin();
    caption +=
        fmt::format("{}{}", caption.empty() ? "" : "; ", names[static_cast<std::size_t>(place)]);
    array = picked(array, axis, place);
  }
  return array;
}

const MeasuredArray* MeasureView::beside(const MeasuredArray& array,
                                         const std::string& ending) const {
  for (const std::string& name : {array.port + "_" + ending, ending})
    if (const MeasuredArray* found = group.find(name);
        found && found->quantity.axes == array.quantity.axes && found->shape == array.shape &&
        found->quantity.unit == array.quantity.unit)
      return found;
  return nullptr;
}

void MeasureView::add(const std::string& name, Chart chart) {
  chart.title = group.name + ": " + name;
  section.charts.push_back(std::move(chart));
}

}  // namespace lyap::framework
