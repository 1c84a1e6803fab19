// tests/bench/autoencoder_bench.cpp - AeLLE's autoencoder learns spectra from a file.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>

#include "bench.hpp"
#include "data/npy.hpp"
#include "model/border.hpp"
#include "planned.hpp"
#include "run/measure.hpp"

namespace lyap::bench {
using namespace framework;
namespace {

/// The study of a sweep that is never run: it gives the autoencoder its options.
Plan plan_of(const std::string& batch, const std::string& epochs, const Catalog& catalog) {
  return planned(fmt::format(R"(lyap: 1
name: bench
trials:
  task: digits
  cell: rnn
  train: bptt
  measure: [spectrum]
  record: {{loss: train.validation_loss, spectrum: spectrum.spectrum}}
study:
  - use: aelle
    from: {{spectra: trials.spectrum, target: trials.loss}}
    with: {{batch: {}, epochs: {}, alphas: [5], seeds: 1, history_every: {}}}
)",
                             batch, epochs, epochs),
                 catalog);
}

MeasuredArray column(const std::filesystem::path& file, const std::string& quantity) {
  Array read = read_npy(file);
  MeasuredArray array;
  array.quantity = Quantity::parse(quantity);
  array.shape = std::move(read.shape);
  array.values = std::move(read.values);
  if (array.shape.size() == 2) array.shape.insert(array.shape.begin() + 1, 1);  // one checkpoint
  return array;
}

}  // namespace

Contestant autoencoder(const Words& words, const Catalog& catalog,
                       const Surroundings& surroundings) {
  if (words.size() != 3) throw std::invalid_argument("FOLDER BATCH EPOCHS");
  const std::filesystem::path folder = words[0];
  const auto plan = std::make_shared<Plan>(plan_of(words[1], words[2], catalog));
  const auto spectra = std::make_shared<MeasuredArray>(
      column(folder / "spectra.npy", "exponent[network, checkpoint, index] nats/step"));
  const auto losses =
      std::make_shared<MeasuredArray>(column(folder / "losses.npy", "loss[network]"));
  return [plan, spectra, losses, &surroundings] {
    const PlannedStudy& step = plan->studies.front();
    MeasurementRequest request;
    request.inputs = {{"spectra", spectra.get()}, {"target", losses.get()}};
    const Measurement study = Analysis(*step.plugin, step.with())
                                  .run(model_ops(), nullptr, nullptr, surroundings, request);
    const std::vector<double>& history = study.find("history")->values;
    const std::size_t last = history.size() - 4;  // four losses an epoch, reconstruction first
    return Turn{study.seconds, {history[last]}};
  };
}

}  // namespace lyap::bench
