// framework/run/result_store.cpp - measurements as an HDF5 file that opens in xarray and h5py.
#include "run/result_store.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace lyap::framework {
namespace {

using Shape = std::vector<std::int64_t>;

std::int64_t size_of(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

/// Copies an array into the lower corner of a larger one of the same number of axes.
void embed(const MeasuredArray& from, const Shape& shape, double* to) {
  const std::size_t axes = shape.size();
  const std::int64_t row = axes ? from.shape.back() : 1;
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(from.values.size()); i += row) {
    std::int64_t rest = i, at = 0, stride = 1;
    for (std::size_t a = axes; a-- > 0;) {
      at += rest % from.shape[a] * stride;
      rest /= from.shape[a];
      stride *= shape[a];
    }
    std::copy_n(from.values.begin() + i, row, to + at);
  }
}

/// All checkpoints of one measure, in the order they were measured.
using Series = std::vector<const Measurement*>;

Shape largest(const Series& series, const std::string& port) {
  Shape shape;
  for (const Measurement* m : series) {
    const MeasuredArray* array = m->find(port);
    if (!array) continue;
    if (shape.empty()) shape.assign(array->shape.size(), 0);
    for (std::size_t a = 0; a < shape.size(); ++a) shape[a] = std::max(shape[a], array->shape[a]);
  }
  return shape;
}

/// A result named as its only axis, "count[count]", gives that axis its coordinates, which are the
/// same at every checkpoint: the longest is taken.
bool is_coordinate(const MeasuredArray& array) {
  return array.quantity.axes.size() == 1 && array.quantity.axes[0] == array.port;
}

void write_coordinate(ResultFile& file, const Series& series, const MeasuredArray& first) {
  const MeasuredArray* longest = &first;
  for (const Measurement* m : series)
    if (const MeasuredArray* array = m->find(first.port); array && array->size() > longest->size())
      longest = array;
  file.write({series.front()->name,
              first.port,
              first.quantity.axes,
              longest->shape,
              {{"units", first.quantity.unit}, {"long_name", first.doc}}},
             std::span<const double>(longest->values));
}

void write_port(ResultFile& file, const Series& series, const MeasuredArray& first) {
  if (is_coordinate(first)) {
    write_coordinate(file, series, first);
    return;
  }
  const Shape shape = largest(series, first.port);
  const std::int64_t size = size_of(shape);
  std::vector<double> values(series.size() * static_cast<std::size_t>(size),
                             std::numeric_limits<double>::quiet_NaN());
  for (std::size_t c = 0; c < series.size(); ++c)
    if (const MeasuredArray* array = series[c]->find(first.port))
      embed(*array, shape, values.data() + static_cast<std::int64_t>(c) * size);

  ArrayLayout layout;
  layout.group = series.front()->name;
  layout.name = first.port;
  layout.axes = {"checkpoint"};
  layout.axes.insert(layout.axes.end(), first.quantity.axes.begin(), first.quantity.axes.end());
  layout.shape = {static_cast<std::int64_t>(series.size())};
  layout.shape.insert(layout.shape.end(), shape.begin(), shape.end());
  layout.attributes = {{"units", first.quantity.unit}, {"long_name", first.doc}};
  for (const auto& [key, value] : first.notes) layout.attributes.emplace_back(key, value);
  file.write(layout, std::span<const double>(values));
}

}  // namespace

void write_results(const std::filesystem::path& path, const std::vector<Measurement>& measurements,
                   const Attributes& of_run) {
  ResultFile file(path);
  file.write_attributes("", of_run);
  std::vector<std::string> names;
  for (const Measurement& m : measurements)
    if (std::find(names.begin(), names.end(), m.name) == names.end()) names.push_back(m.name);
  for (const std::string& name : names) {
    Series series;
    for (const Measurement& m : measurements)
      if (m.name == name) series.push_back(&m);
    std::vector<std::int64_t> epochs;
    for (const Measurement* m : series) epochs.push_back(m->epoch);
    file.write({name,
                "checkpoint",
                {"checkpoint"},
                {static_cast<std::int64_t>(epochs.size())},
                {{"long_name", std::string("epoch of training; -1 = weights that were given")}}},
               std::span<const std::int64_t>(epochs));
    Attributes notes{{"analysis", series.front()->analysis}};
    std::string in_pieces;
    for (const MeasuredArray& array : series.front()->arrays) {
      if (array.field.empty())
        write_port(file, series, array);
      else
        in_pieces += (in_pieces.empty() ? "" : ", ") + array.port;
    }
    if (!in_pieces.empty()) notes.emplace_back("in_fields", in_pieces);
    for (const auto& [key, value] : series.front()->notes) notes.emplace_back(key, value);
    file.write_attributes(name, notes);
  }
  file.close();
}

}  // namespace lyap::framework
