// tests/bench/bench.hpp - what the benchmark program times.
#pragma once
#include <string>
#include <vector>

#include "plugin/catalog.hpp"
#include "run/host.hpp"

namespace lyap::bench {

using Words = std::vector<std::string>;

/// Seconds of each repetition and what was computed, as one JSON object on standard output.
/// spectrum MODEL.safetensors INPUTS.npy REPETITIONS CELL UNITS [KEY=VALUE of the spectrum...]
void spectrum(const Words& words, const framework::Catalog& catalog,
              const framework::Surroundings& surroundings);
/// train CELL UNITS BATCH digits|text BATCHES: seconds a batch of forward, backward and Adam.
void training(const Words& words, const framework::Catalog& catalog,
              const framework::Surroundings& surroundings);

}  // namespace lyap::bench
