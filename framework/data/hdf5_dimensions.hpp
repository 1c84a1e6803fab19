// framework/data/hdf5_dimensions.hpp - the named axes of arrays as HDF5 dimension scales.
#pragma once
#include <hdf5.h>

#include <filesystem>
#include <string>
#include <vector>

namespace lyap::framework {

struct NamedAxes {
  std::string group, name;
  std::vector<std::string> axes;
};

/// Gives every axis its dimension scale as netCDF-4 has it: the array of that name in the group, or
/// a dimension without coordinates.  Error: two axes of one name in a group differ in length.
/// Source: HDF5 Dimension Scale Specification; NetCDF-4 File Format, "Dimensions".
void attach_dimensions(hid_t file, const std::vector<NamedAxes>& arrays,
                       const std::filesystem::path& target);

}  // namespace lyap::framework
