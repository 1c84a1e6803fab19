// framework/run/field_file.cpp - large results of one measurement, written as their pieces come.
#include "run/field_file.hpp"

#include <functional>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace lyap::framework {
namespace {

std::filesystem::path in_its_folder(std::filesystem::path path) {
  std::filesystem::create_directories(path.parent_path());
  return path;
}

}  // namespace

FieldFile::FieldFile(std::filesystem::path path, std::string group)
    : path_(in_its_folder(std::move(path))), group_(std::move(group)), file_(path_) {}

void FieldFile::announce(const MeasuredArray& array) {
  const std::lock_guard lock(mutex_);
  if (arrays_.contains(array.port))
    throw std::logic_error("result '" + array.port + "' is announced twice");
  ArrayLayout layout{group_, array.port, array.quantity.axes, array.shape, {}};
  layout.attributes = {{"units", array.quantity.unit}, {"long_name", array.doc}};
  arrays_.emplace(array.port, file_.create(layout, Element::Double));
}

void FieldFile::piece(const MeasuredArray& array, const std::int64_t* from,
                      const std::int64_t* extent, const double* values) {
  const std::size_t axes = array.shape.size();
  const std::vector<std::int64_t> start(from, from + axes), size(extent, extent + axes);
  const auto count = static_cast<std::size_t>(
      std::accumulate(size.begin(), size.end(), std::int64_t{1}, std::multiplies<>()));
  const std::lock_guard lock(mutex_);
  arrays_.at(array.port).write(start, size, std::span<const double>(values, count));
}

void FieldFile::finish(const Measurement& measurement) {
  const std::lock_guard lock(mutex_);
  Attributes notes{{"analysis", measurement.analysis}};
  for (const auto& [key, value] : measurement.notes) notes.emplace_back(key, value);
  for (const MeasuredArray& array : measurement.arrays)
    for (const auto& [key, value] : array.notes)
      if (arrays_.contains(array.port)) notes.emplace_back(array.port + "." + key, value);
  file_.write_attributes(group_, notes);
  file_.close();
}

}  // namespace lyap::framework
