// framework/model/weights.cpp - the named parameter tensors of a network.
#include "model/weights.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace lyap::framework {
namespace {

/// PyTorch keeps biases and the like as vectors, but a weight matrix with one column as a matrix.
std::vector<std::int64_t> stored_shape(const WeightShape& shape) {
  if (shape.cols == 1 && shape.name.find("weight") == std::string::npos) return {shape.rows};
  return {shape.rows, shape.cols};
}

bool same_shape(const NamedTensor& tensor, const WeightShape& shape) {
  if (tensor.shape == std::vector<std::int64_t>{shape.rows, shape.cols}) return true;
  return shape.cols == 1 && tensor.shape == std::vector<std::int64_t>{shape.rows};
}

std::string dimensions(const std::vector<std::int64_t>& shape) {
  std::vector<std::string> words;
  for (const std::int64_t extent : shape) words.push_back(std::to_string(extent));
  return "[" + join(words) + "]";
}

}  // namespace

Weights::Weights(std::vector<WeightShape> shapes, std::int32_t dtype)
    : shapes_(std::move(shapes)), dtype_(dtype) {
  for (const WeightShape& shape : shapes_) {
    views_.push_back(buffers_.emplace_back().reshape(dtype, shape.rows, shape.cols));
    const_views_.push_back(read_only(views_.back()));
  }
  set_zero();
}

Weights::Weights(const Weights& other) : Weights(other.shapes_, other.dtype_) {
  for (std::size_t i = 0; i < size(); ++i) copy(other[i], views_[i]);
}

Weights& Weights::operator=(const Weights& other) {
  if (this != &other) *this = Weights(other);
  return *this;
}

std::optional<std::size_t> Weights::find(std::string_view name) const {
  for (std::size_t i = 0; i < size(); ++i)
    if (shapes_[i].name == name) return i;
  return std::nullopt;
}

Weights Weights::as(std::int32_t dtype) const {
  Weights converted(shapes_, dtype);
  for (std::size_t i = 0; i < size(); ++i) copy(const_views_[i], converted.views_[i]);
  return converted;
}

void Weights::set_zero() {
  for (const lyap_matrix& view : views_) fill(view, 0.0);
}

void Weights::require_finite(const std::string& who) const {
  for (std::size_t i = 0; i < size(); ++i)
    if (const std::int64_t column = first_bad_column(const_views_[i]); column >= 0)
      throw NumericError(who + ": '" + shapes_[i].name +
                         "' holds a number that is not finite in column " + std::to_string(column));
}

std::vector<NamedTensor> Weights::tensors() const {
  std::vector<NamedTensor> tensors;
  for (std::size_t i = 0; i < size(); ++i) {
    NamedTensor tensor{shapes_[i].name, dtype_, stored_shape(shapes_[i]), {}};
    for (std::int64_t row = 0; row < shapes_[i].rows; ++row)
      for (std::int64_t col = 0; col < shapes_[i].cols; ++col)
        tensor.values.push_back(element(const_views_[i], row, col));
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

void Weights::assign(const std::vector<NamedTensor>& tensors, const std::string& place) {
  std::vector<std::string> names;
  for (const WeightShape& shape : shapes_) names.push_back(shape.name);
  std::vector<bool> given(size(), false);
  for (const NamedTensor& tensor : tensors) {
    const std::optional<std::size_t> index = find(tensor.name);
    if (!index)
      throw InputError(place + ": the network has no tensor " + quoted(tensor.name) +
                       did_you_mean(tensor.name, names));
    assign(*index, tensor, place);
    given[*index] = true;
  }
  const auto missing = std::find(given.begin(), given.end(), false);
  if (missing != given.end())
    throw InputError(place + ": the tensor '" +
                     names[static_cast<std::size_t>(missing - given.begin())] + "' is missing");
}

void Weights::assign(std::size_t index, const NamedTensor& tensor, const std::string& place) {
  const WeightShape& shape = shapes_[index];
  if (!same_shape(tensor, shape))
    throw InputError(place + ": '" + shape.name + "' has the shape " + dimensions(tensor.shape) +
                     ", the network needs " + dimensions(stored_shape(shape)));
  const auto bad = std::find_if_not(tensor.values.begin(), tensor.values.end(),
                                    [](double value) { return std::isfinite(value); });
  if (bad != tensor.values.end())
    throw InputError(place + ": '" + shape.name + "' holds a number that is not finite, at index " +
                     std::to_string(bad - tensor.values.begin()));
  // Rows of the file are columns of the transposed tensor.
  for (std::int64_t row = 0; row < shape.rows; ++row) {
    const lyap_const_matrix source{
        tensor.values.data() + row * shape.cols, 1, shape.cols, 1, LYAP_F64, 0};
    copy(source, rows_of(views_[index], row, 1));
  }
}

}  // namespace lyap::framework
