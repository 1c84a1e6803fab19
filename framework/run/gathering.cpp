// framework/run/gathering.cpp - the kernel's side of one measurement.
#include "run/gathering.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <utility>

#include "data/hdf5_read.hpp"
#include "lyap/border.hpp"
#include "lyap/views.hpp"

namespace lyap::framework {
namespace {

/// Copies a box of the announced array, one row along the last axis at a time.
void copy_box(MeasuredArray& to, const std::int64_t* from, const std::int64_t* extent,
              const double* values) {
  const std::size_t dimensions = to.shape.size();
  std::int64_t rows = 1;
  for (std::size_t a = 0; a < dimensions; ++a) {
    if (a + 1 < dimensions) rows *= extent[a];
  }
  const std::int64_t length = dimensions ? extent[dimensions - 1] : 1;
  for (std::int64_t row = 0; row < rows; ++row) {
    std::int64_t rest = row, at = 0, stride = 1;
    for (std::size_t a = dimensions; a-- > 0;) {
      const bool last = a + 1 == dimensions;
      at += (from[a] + (last ? 0 : rest % extent[a])) * stride;
      if (!last) rest /= extent[a];
      stride *= to.shape[a];
    }
    std::copy_n(values + row * length, length, to.values.data() + at);
  }
}

/// A piece must lie within what was announced.
void check_box(const MeasuredArray& array, const std::int64_t* from, const std::int64_t* extent) {
  for (std::size_t a = 0; a < array.shape.size(); ++a)
    if (from[a] < 0 || extent[a] < 0 || from[a] + extent[a] > array.shape[a])
      throw std::logic_error("a piece of '" + array.port + "' lies outside its announced shape");
}

std::string mebibytes(std::int64_t numbers) {
  return std::to_string((numbers * 8 >> 20) + 1) + " MiB";
}

Gathering& of(lyap_context* c) {
  return *reinterpret_cast<Gathering*>(c);
}

}  // namespace

Gathering::Gathering(const Plugin& plugin, const lyap_model* model, const Task* task,
                     const Surroundings& surroundings, const MeasurementRequest& request)
    : plugin_(plugin),
      model_(model),
      task_(task),
      surroundings_(surroundings),
      fields_(request.fields),
      inputs_(request.inputs) {
  measurement_.name = request.name;
  measurement_.analysis = plugin.id();
  load_inputs(request);
}

void Gathering::load_inputs(const MeasurementRequest& request) {
  for (const auto& [port, array] : request.inputs) {
    if (array->field.empty()) continue;
    if (array->size() * 8 > surroundings_.memory_budget)
      throw InputError("port '" + port + "' is given " + mebibytes(array->size()) +
                       ", more than the memory budget of " +
                       std::to_string(surroundings_.memory_budget >> 20) +
                       " MiB; measure less of it or raise --memory");
    loaded_[port] = read_doubles(array->field, array->group + "/" + array->port);
  }
}

Measurement Gathering::finish() {
  if (file_) file_->finish(measurement_);
  return std::move(measurement_);
}

bool Gathering::input(const char* port, lyap_array& out) const {
  const auto found = inputs_.find(port);
  if (found == inputs_.end()) return false;
  const MeasuredArray& array = *found->second;
  const auto loaded = loaded_.find(port);
  const std::vector<double>& values = loaded == loaded_.end() ? array.values : loaded->second;
  out = {values.data(), array.shape.data(), static_cast<std::int64_t>(array.shape.size())};
  return true;
}

MeasuredArray Gathering::empty_array(const char* name, const std::int64_t* shape,
                                     std::int64_t dimensions) const {
  for (const lyap_port& declared : plugin_.ports()) {
    if (std::strcmp(declared.name, name) != 0 || declared.role != LYAP_RESULT) continue;
    MeasuredArray array;
    array.port = name;
    array.group = measurement_.name;
    array.doc = declared.doc;
    array.quantity = Quantity::parse(declared.quantity);
    array.shape.assign(shape, shape + dimensions);
    if (static_cast<std::size_t>(dimensions) != array.quantity.axes.size())
      throw std::logic_error("result '" + array.port + "' has " + std::to_string(dimensions) +
                             " axes, declared is " + array.quantity.text());
    return array;
  }
  throw std::logic_error("it gives a result '" + std::string(name) + "' it has not declared");
}

MeasuredArray& Gathering::keep(MeasuredArray array) {
  if (array.size() * 8 > surroundings_.memory_budget)
    throw lyap::BadShape("result '" + array.port + "' needs " + mebibytes(array.size()) +
                         ", more than the memory budget of " +
                         std::to_string(surroundings_.memory_budget >> 20) +
                         " MiB; ask for less of it or raise --memory");
  array.values.assign(static_cast<std::size_t>(array.size()),
                      std::numeric_limits<double>::quiet_NaN());
  for (MeasuredArray& old : measurement_.arrays)
    if (old.port == array.port) return old = std::move(array);
  return measurement_.arrays.emplace_back(std::move(array));
}

void Gathering::result(const char* port, const std::int64_t* shape, std::int64_t dimensions,
                       const double* values) {
  MeasuredArray& array = keep(empty_array(port, shape, dimensions));
  std::copy_n(values, array.values.size(), array.values.data());
}

void Gathering::announce(const char* port, const std::int64_t* shape, std::int64_t dimensions) {
  MeasuredArray array = empty_array(port, shape, dimensions);
  if (fields_.empty()) {
    keep(std::move(array));
    return;
  }
  if (!file_) file_.emplace(fields_, measurement_.name);
  file_->announce(array);
  array.field = fields_;
  measurement_.arrays.push_back(std::move(array));
}

void Gathering::piece(const char* port, const std::int64_t* from, const std::int64_t* extent,
                      const double* values) {
  for (MeasuredArray& array : measurement_.arrays) {
    if (array.port != port) continue;
    check_box(array, from, extent);
    if (array.field.empty())
      copy_box(array, from, extent, values);
    else
      file_->piece(array, from, extent, values);
    return;
  }
  throw std::logic_error("a piece of '" + std::string(port) + "' came before its announcement");
}

void Gathering::note(const char* port, const char* key, const char* value) {
  for (MeasuredArray& array : measurement_.arrays)
    if (array.port == port) return void(array.notes.emplace_back(key, value));
  if (const auto file = measurement_.files.find(port); file != measurement_.files.end())
    return void(file->second.metadata[key] = value);
  measurement_.notes.emplace_back(key, value);
}

const char* Gathering::label(const char* port, std::int64_t code) {
  const auto input = inputs_.find(port);
  if (input == inputs_.end()) return nullptr;
  const auto [words, added] = words_.try_emplace(port);
  if (added) words->second = input->second->words();
  const bool known = code >= 0 && code < static_cast<std::int64_t>(words->second.size());
  return known ? words->second[static_cast<std::size_t>(code)].c_str() : nullptr;
}

void Gathering::tensor(const char* file, const char* name, const lyap_const_matrix& values) {
  if (values.dtype != LYAP_F64) throw BadShape("tensors are kept in float64");
  const MatrixOf<double> rows = view<double>(values).transpose();  // column-major = last fastest
  measurement_.files[file].tensors[name] = Tensor::of(
      {values.rows, values.cols}, std::span(rows.data(), static_cast<std::size_t>(rows.size())));
}

lyap_context_ops Gathering::ops(const lyap_model_ops& model_ops) {
  lyap_context_ops ops{};
  ops.size = sizeof ops;
  ops.model_ops = &model_ops;
  ops.data_ops = &Task::lent_ops();
  ops.model = [](lyap_context* c, const char*) { return of(c).model(); };
  ops.data = [](lyap_context* c, const char*) { return of(c).data(); };
  ops.input = [](lyap_context* c, const char* port, lyap_array* out) -> std::int32_t {
    return of(c).input(port, *out);
  };
  ops.result = [](lyap_context* c, const char* port, const std::int64_t* shape,
                  std::int64_t dimensions, const double* values, lyap_error* error) {
    return border::guarded(error, [&] { of(c).result(port, shape, dimensions, values); });
  };
  ops.announce = [](lyap_context* c, const char* port, const std::int64_t* shape,
                    std::int64_t dimensions, lyap_error* error) {
    return border::guarded(error, [&] { of(c).announce(port, shape, dimensions); });
  };
  ops.piece = [](lyap_context* c, const char* port, const std::int64_t* from,
                 const std::int64_t* extent, const double* values, lyap_error* error) {
    return border::guarded(error, [&] { of(c).piece(port, from, extent, values); });
  };
  ops.note = [](lyap_context* c, const char* port, const char* key, const char* value) {
    of(c).note(port, key, value);
  };
  ops.memory_budget = [](lyap_context* c) { return of(c).memory_budget(); };
  ops.label = [](lyap_context* c, const char* port, std::int64_t code) {
    return of(c).label(port, code);
  };
  ops.tensor = [](lyap_context* c, const char* file, const char* name, lyap_const_matrix values,
                  lyap_error* error) {
    return border::guarded(error, [&] { of(c).tensor(file, name, values); });
  };
  return ops;
}

}  // namespace lyap::framework
