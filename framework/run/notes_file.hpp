// framework/run/notes_file.hpp - notes.json: what analyses said beside their numbers.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "run/results.hpp"

namespace lyap::framework {

/// One object a measurement, in order: name, analysis, checkpoint, epoch, seconds, headline, tables
/// (lines for people), notes, and `results`: every port in the order it was given with its quantity
/// and notes. The numbers themselves are in spectra.h5, study.h5 and fields/.
void write_notes(const std::filesystem::path& path, const std::vector<Measurement>& measurements);

/// The same back, arrays without numbers and shapes; the headline is the note "headline" and
/// tables are notes "table". InputError: not a file that write_notes wrote.
std::vector<Measurement> read_notes(const std::filesystem::path& path);

}  // namespace lyap::framework
