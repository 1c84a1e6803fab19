// framework/run/measure.cpp - runs one analysis on one network and gathers its results.
#include "run/measure.hpp"

#include <chrono>
#include <cstring>
#include <limits>
#include <numeric>

#include "base/reported.hpp"
#include "lyap/border.hpp"

namespace lyap::framework {
namespace {

/// The kernel's side of one measurement.
struct Gathering {
  const Plugin* plugin;
  const lyap_model* model;
  const Task* task;
  const Surroundings* surroundings;
  Measurement measurement;

  const lyap_port& port(const char* name, int role) const {
    for (const lyap_port& port : plugin->ports())
      if (!std::strcmp(port.name, name) && port.role == role) return port;
    throw std::logic_error("it gives a result '" + std::string(name) + "' it has not declared");
  }

  /// The array of a result port, given a shape; a second announcement replaces the first.
  MeasuredArray& announce(const char* name, const std::int64_t* shape, std::int64_t dimensions) {
    const lyap_port& declared = port(name, LYAP_RESULT);
    MeasuredArray array{name, declared.doc, Quantity::parse(declared.quantity), {}, {}, {}};
    array.shape.assign(shape, shape + dimensions);
    if (static_cast<std::size_t>(dimensions) != array.quantity.axes.size())
      throw std::logic_error("result '" + array.port + "' has " + std::to_string(dimensions) +
                             " axes, declared is " + array.quantity.text());
    const std::int64_t size = std::accumulate(array.shape.begin(), array.shape.end(),
                                              std::int64_t{1}, std::multiplies<>());
    if (size * 8 > surroundings->memory_budget)
      throw lyap::BadShape("result '" + array.port + "' needs " + std::to_string(size * 8 >> 20) +
                           " MiB, more than the memory budget of " +
                           std::to_string(surroundings->memory_budget >> 20) +
                           " MiB; ask for less of it or raise --memory");
    array.values.assign(static_cast<std::size_t>(size), std::numeric_limits<double>::quiet_NaN());
    for (MeasuredArray& old : measurement.arrays)
      if (old.port == array.port) return old = std::move(array);
    return measurement.arrays.emplace_back(std::move(array));
  }
};

Gathering& of(lyap_context* c) {
  return *reinterpret_cast<Gathering*>(c);
}

const lyap_model* model(lyap_context* c, const char*) {
  return of(c).model;
}
const lyap_data* data(lyap_context* c, const char*) {
  return of(c).task ? of(c).task->lent() : nullptr;
}
std::int32_t input(lyap_context*, const char*, lyap_array*) {
  return 0;
}

std::int32_t result(lyap_context* c, const char* port, const std::int64_t* shape,
                    std::int64_t dimensions, const double* values, lyap_error* error) {
  return border::guarded(error, [&] {
    MeasuredArray& array = of(c).announce(port, shape, dimensions);
    std::copy_n(values, array.values.size(), array.values.data());
  });
}

std::int32_t announce(lyap_context* c, const char* port, const std::int64_t* shape,
                      std::int64_t dimensions, lyap_error* error) {
  return border::guarded(error, [&] { of(c).announce(port, shape, dimensions); });
}

/// Copies a box of the announced array, one row along the last axis at a time.
void copy_box(MeasuredArray& to, const std::int64_t* from, const std::int64_t* extent,
              const double* values) {
  const std::size_t dimensions = to.shape.size();
  std::int64_t rows = 1;
  for (std::size_t a = 0; a < dimensions; ++a) {
    if (from[a] < 0 || extent[a] < 0 || from[a] + extent[a] > to.shape[a])
      throw std::logic_error("a piece of '" + to.port + "' lies outside its announced shape");
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

std::int32_t piece(lyap_context* c, const char* port, const std::int64_t* from,
                   const std::int64_t* extent, const double* values, lyap_error* error) {
  return border::guarded(error, [&] {
    for (MeasuredArray& array : of(c).measurement.arrays)
      if (array.port == port) return copy_box(array, from, extent, values);
    throw std::logic_error("a piece of '" + std::string(port) + "' came before its announcement");
  });
}

void note(lyap_context* c, const char* port, const char* key, const char* value) {
  Measurement& m = of(c).measurement;
  for (MeasuredArray& array : m.arrays)
    if (array.port == port) return void(array.notes.emplace_back(key, value));
  m.notes.emplace_back(key, value);
}

std::int64_t memory_budget(lyap_context* c) {
  return of(c).surroundings->memory_budget;
}

}  // namespace

Analysis::Analysis(const Plugin& plugin, std::span<const lyap_value> values)
    : plugin_(&plugin), ops_(&plugin.analysis()), analysis_(nullptr, ops_->destroy) {
  lyap_error error{};
  analysis_.reset(ops_->create(values.data(), static_cast<std::uint32_t>(values.size()), &error));
  if (!analysis_) fail(error);
}

void Analysis::fail(const lyap_error& error) const {
  throw_reported(plugin_->title(), error);
}

Measurement Analysis::run(const lyap_model_ops& model_ops, const lyap_model* network,
                          const Task* task, const Surroundings& surroundings,
                          const std::string& name) const {
  const lyap_context_ops ops{sizeof(lyap_context_ops),
                             0,
                             &model_ops,
                             &Task::lent_ops(),
                             model,
                             data,
                             input,
                             result,
                             announce,
                             piece,
                             note,
                             memory_budget};
  Gathering gathering{plugin_, network, task, &surroundings, {}};
  gathering.measurement.name = name;
  gathering.measurement.analysis = plugin_->id();
  LentHost host(surroundings, "analysis/" + name);
  const auto begin = std::chrono::steady_clock::now();
  lyap_error error{};
  if (ops_->run(analysis_.get(), &ops, reinterpret_cast<lyap_context*>(&gathering), host.lent(),
                &error))
    fail(error);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  gathering.measurement.seconds = took.count();
  return std::move(gathering.measurement);
}

lyap_estimate Analysis::estimate(const lyap_model_shape* model, const lyap_task_shape* task) const {
  lyap_estimate estimate{};
  if (!ops_->estimate) return estimate;
  lyap_error error{};
  if (ops_->estimate(analysis_.get(), model, task, &estimate, &error)) fail(error);
  return estimate;
}

}  // namespace lyap::framework
