// framework/run/result_store.cpp - measurements as an HDF5 file that opens in xarray and h5py.
#include "run/result_store.hpp"

#include <algorithm>

#include "run/stacked.hpp"

namespace lyap::framework {
namespace {

ArrayLayout layout_of(const MeasuredArray& array, const std::string& group) {
  ArrayLayout layout{group,
                     array.port,
                     array.quantity.axes,
                     array.shape,
                     {{"units", array.quantity.unit}, {"long_name", array.doc}}};
  for (const auto& [key, value] : array.notes)
    if (key != "table") layout.attributes.emplace_back(key, value);
  return layout;
}

/// All checkpoints of one measure, in the order they were measured.
using Series = std::vector<const Measurement*>;

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
  std::vector<const MeasuredArray*> arrays;
  for (const Measurement* m : series) arrays.push_back(m->find(first.port));
  const MeasuredArray all = stacked("checkpoint", arrays);
  file.write(layout_of(all, series.front()->name), std::span<const double>(all.values));
}

}  // namespace

void write_studies(const std::filesystem::path& path, const std::vector<Measurement>& studies,
                   const Attributes& of_run) {
  ResultFile file(path);
  file.write_attributes("", of_run);
  for (const Measurement& study : studies) {
    for (const MeasuredArray& array : study.arrays)
      if (array.field.empty())
        file.write(layout_of(array, study.name), std::span<const double>(array.values));
    Attributes notes{{"analysis", study.analysis}};
    for (const auto& [key, value] : study.notes)
      if (key != "table") notes.emplace_back(key, value);
    file.write_attributes(study.name, notes);
  }
  file.close();
}

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
