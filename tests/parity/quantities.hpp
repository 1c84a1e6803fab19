// tests/parity/quantities.hpp - what is compared, group by group.
#pragma once
#include <filesystem>

#include "compare.hpp"
#include "run/trial.hpp"

namespace lyap::parity {

/// States, logits, losses, gradients by states, inputs and weights, Jacobians. `trial` has the loss
/// at every step (`which` = "seq") or at the last one ("last").
void check_network(const Fixture& fixture, const framework::Trial& trial, const std::string& which,
                   Comparison& comparison);

/// diag R, exponents, finite-time exponents and Q by Householder QR of the network's own Jacobians,
/// for every run of the sidecar.
void check_tangents(const Fixture& fixture, const framework::Trial& trial, Comparison& comparison);

/// The steps of a training run with the fixture's own noise (noisy.xi), through the table of the
/// cell: states, loss and its gradients.
void check_noise(const Fixture& fixture, const framework::Trial& trial, Comparison& comparison);

/// The `measure` list with one spectrum a run and method, and the comparison of what they gave.
std::string spectrum_measures(const Fixture& fixture, const std::filesystem::path& folder);
void check_spectra(const Fixture& fixture, const framework::Trial& trial, Comparison& comparison);

/// The `measure` list with the gradient and the finite-time exponents of every run
/// that factorises at each step, and the comparison of what they gave.
std::string plugin_measures(const Fixture& fixture, const std::filesystem::path& folder,
                            bool last_step_only);
void check_plugins(const Fixture& fixture, const framework::Trial& trial, const std::string& which,
                   Comparison& comparison);

/// Recursive least squares on the network of a fixture, from its "force" tensors.
void check_learning(const Fixture& fixture, const framework::Catalog& catalog,
                    const framework::Surroundings& surroundings, Comparison& comparison);

/// A whole run of FORCE learning (force_NAME.safetensors): its first steps, its errors, and outputs
/// and exponents of the frozen network.
void check_force(const std::filesystem::path& file, const framework::Catalog& catalog,
                 const framework::Surroundings& surroundings, Comparison& comparison);

}  // namespace lyap::parity
