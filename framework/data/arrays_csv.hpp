// framework/data/arrays_csv.hpp - one array of a result file as a table for people and pandas.
#pragma once
#include <filesystem>
#include <vector>

#include "data/hdf5_arrays.hpp"

namespace lyap::framework {

/// A line for every element: where it stands along each axis, then the element. Axes with
/// coordinates among `all` show these, others count from 0; NaN is an empty field, codes are their
/// words, numbers read back exactly.  Errors as AtomicFile.  Format: RFC 4180 with \n.
void write_csv(const std::filesystem::path& path, const StoredArray& array,
               const std::vector<StoredArray>& all);

}  // namespace lyap::framework
