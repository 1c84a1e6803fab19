// tests/bench/bench.hpp - what the benchmark program times: each contestant, one turn at a time.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "plugin/catalog.hpp"
#include "run/host.hpp"

namespace lyap::bench {

using Words = std::vector<std::string>;

/// What one turn took, and what it computed, to be compared with other programs.
struct Turn {
  double seconds = 0;
  std::vector<double> numbers;
};

/// Does its work once a call, the same work every time; made ready before its first turn.
using Contestant = std::function<Turn()>;

/// FOLDER CELL UNITS [KEY=VALUE of the analysis...]: exponents of the network in
/// FOLDER/model.safetensors, driven by FOLDER/inputs.npy; numbers: the exponents, per sequence.
Contestant spectrum(const Words& words, const framework::Catalog& catalog,
                    const framework::Surroundings& surroundings);
/// The same; numbers: the exponents, mean over sequences.
Contestant ftle(const Words& words, const framework::Catalog& catalog,
                const framework::Surroundings& surroundings);
/// FOLDER CELL UNITS BATCH BATCHES: median seconds of a batch (fetch, forward, backward, Adam) of
/// FOLDER/inputs.npy and targets.npy; numbers: the mean training loss.
Contestant training(const Words& words, const framework::Catalog& catalog,
                    const framework::Surroundings& surroundings);
/// FOLDER BATCH EPOCHS: one autoencoder learns FOLDER/spectra.npy and losses.npy; numbers: the mean
/// reconstruction loss of the last epoch.
Contestant autoencoder(const Words& words, const framework::Catalog& catalog,
                       const framework::Surroundings& surroundings);
/// FOLDER UNITS EPOCHS TEST_EPOCHS: FORCE learning of four sines; numbers: the errors of every
/// epoch.
Contestant force(const Words& words, const framework::Catalog& catalog,
                 const framework::Surroundings& surroundings);

}  // namespace lyap::bench
