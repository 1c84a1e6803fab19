// framework/run/measure.cpp - runs one analysis on one network and gathers its results.
#include "run/measure.hpp"

#include <chrono>

#include "base/reported.hpp"

namespace lyap::framework {

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
                          const MeasurementRequest& request) const {
  const lyap_context_ops ops = Gathering::ops(model_ops);
  Gathering gathering(*plugin_, network, task, surroundings, request);
  LentHost host(surroundings, "analysis/" + request.name);
  const auto begin = std::chrono::steady_clock::now();
  lyap_error error{};
  if (ops_->run(analysis_.get(), &ops, gathering.lent(), host.lent(), &error)) fail(error);
  Measurement measurement = gathering.finish();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  measurement.seconds = took.count();
  return measurement;
}

lyap_estimate Analysis::estimate(const lyap_model_shape* model, const lyap_task_shape* task) const {
  lyap_estimate estimate{};
  if (!ops_->estimate) return estimate;
  lyap_error error{};
  if (ops_->estimate(analysis_.get(), model, task, &estimate, &error)) fail(error);
  return estimate;
}

}  // namespace lyap::framework
