// framework/sweep/table.hpp - the table of networks: one row per network, columns as recorded.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "data/hdf5.hpp"
#include "run/row.hpp"

namespace lyap::framework {

/// Columns have the axis `network` in front. Words are codes 0, 1, ... in the order in which they
/// first occur, their meanings in the note "flag_meanings"; rows of different extent are padded
/// with NaN, and what a network did not give is NaN.
struct Table {
  std::vector<std::string> ids;  ///< of the networks: their points
  std::vector<MeasuredArray> columns;

  const MeasuredArray* column(const std::string& name) const;
};

/// Rows in the order of the points; an empty row is a network that has none. Networks recorded at
/// different epochs have them all, in the note "epochs", and NaN where they lack one.
Table table_of(std::vector<std::string> ids, const std::vector<Row>& rows);

/// trials.h5: opens in xarray and pandas. Arrays whose axes would clash have them renamed after the
/// column ("index_spectrum"); epochs are the coordinates of `checkpoint`.
void write_table(const std::filesystem::path& path, const Table& table, const Attributes& of_sweep);

/// trials.csv: single numbers and words, and with `arrays` every element of every column as a
/// column of its own, "spectrum[0]".
void write_csv(const std::filesystem::path& path, const Table& table, bool arrays);

}  // namespace lyap::framework
