// framework/run/row.hpp - one network as one row of the table of networks.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "run/run.hpp"

namespace lyap::framework {

/// The columns of `record` in order, each under its column's name: a number, or an array along the
/// axes of what is recorded (`checkpoint` in front when it is recorded at several epochs, whose
/// numbers stand in the note "epochs"). A word, such as the name of a cell, stands in the note
/// "word". What a network did not give is NaN.
using Row = std::vector<MeasuredArray>;

Row row_of(const Plan& plan, const RunOutcome& outcome);

/// As record.json shows it: numbers, words, nested lists; null for what is missing or infinite.
std::string json_of(const Row& row);

/// row.safetensors: the row in full precision.
void write_row(const std::filesystem::path& path, const Row& row);
/// InputError: not a file that write_row wrote.
Row read_row(const std::filesystem::path& path);

}  // namespace lyap::framework
