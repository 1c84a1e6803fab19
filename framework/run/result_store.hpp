// framework/run/result_store.hpp - measurements as an HDF5 file that opens in xarray and h5py.
#pragma once
#include <filesystem>
#include <vector>

#include "data/hdf5.hpp"
#include "run/results.hpp"

namespace lyap::framework {

/// Writes one group per measure; a variable is a result port, its dimensions are the port's axes
/// with `checkpoint` (epochs) in front, and a result named as its only axis is that axis's
/// coordinates. Where checkpoints differ in extent the rest is NaN. Notes become attributes of the
/// variable or of the group; results that came in pieces lie in fields/ and are named in the
/// attribute `in_fields`. Replaces the file in one step.
void write_results(const std::filesystem::path& file, const std::vector<Measurement>& measurements,
                   const Attributes& of_run);

/// Writes one group per study with its results along their own axes; tables for people are left to
/// other files.
void write_studies(const std::filesystem::path& file, const std::vector<Measurement>& studies,
                   const Attributes& of_run);

}  // namespace lyap::framework
