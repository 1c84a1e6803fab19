// framework/run/stacked.cpp - arrays of one kind behind each other along a new first axis.
#include "run/stacked.hpp"

#include <algorithm>
#include <limits>

namespace lyap::framework {
namespace {

using Shape = std::vector<std::int64_t>;

/// Copies an array into the lower corner of a larger one of the same number of axes.
void embed(const MeasuredArray& from, const Shape& shape, double* to) {
  const std::size_t axes = shape.size();
  const std::int64_t row = axes ? from.shape.back() : 1;
  for (std::int64_t i = 0; row > 0 && i < static_cast<std::int64_t>(from.values.size()); i += row) {
    std::int64_t rest = i, at = 0, stride = 1;
    for (std::size_t a = axes; a-- > 0;) {
      at += rest % from.shape[a] * stride;
      rest /= from.shape[a];
      stride *= shape[a];
    }
    std::copy_n(from.values.begin() + i, row, to + at);
  }
}

/// The extents that have room for all arrays of the most axes.
Shape largest(const std::vector<const MeasuredArray*>& arrays) {
  Shape shape;
  for (const MeasuredArray* array : arrays) {
    if (!array || array->shape.size() < shape.size()) continue;
    if (array->shape.size() > shape.size()) shape.assign(array->shape.size(), 0);
    for (std::size_t a = 0; a < shape.size(); ++a) shape[a] = std::max(shape[a], array->shape[a]);
  }
  return shape;
}

}  // namespace

MeasuredArray stacked(const std::string& axis, const std::vector<const MeasuredArray*>& arrays) {
  MeasuredArray all;
  const Shape shape = largest(arrays);
  const auto is_whole = [&](const MeasuredArray* a) {
    return a && a->shape.size() == shape.size();
  };
  const auto first = std::find_if(arrays.begin(), arrays.end(), is_whole);
  if (first != arrays.end()) {
    all.port = (*first)->port;
    all.doc = (*first)->doc;
    all.group = (*first)->group;
    all.quantity = (*first)->quantity;
    all.notes = (*first)->notes;
  }
  all.quantity.axes.insert(all.quantity.axes.begin(), axis);
  all.shape = {static_cast<std::int64_t>(arrays.size())};
  all.shape.insert(all.shape.end(), shape.begin(), shape.end());
  all.values.assign(static_cast<std::size_t>(all.size()), std::numeric_limits<double>::quiet_NaN());
  const std::int64_t size =
      arrays.empty() ? 0 : all.size() / static_cast<std::int64_t>(arrays.size());
  for (std::size_t i = 0; i < arrays.size(); ++i)
    if (is_whole(arrays[i]))
      embed(*arrays[i], shape, all.values.data() + static_cast<std::int64_t>(i) * size);
  return all;
}

}  // namespace lyap::framework
