// framework/data/hdf5_dimensions.cpp - the named axes of arrays as HDF5 dimension scales.
#include "data/hdf5_dimensions.hpp"

#include <fmt/format.h>
#include <hdf5_hl.h>

#include <map>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/hdf5_handle.hpp"

namespace lyap::framework {
namespace {

struct Dimension {
  hsize_t length;
  std::string first_array;
  bool has_coordinates = false;
};

std::string path_of(const std::string& group, const std::string& name) {
  return group.empty() ? "/" + name : "/" + group + "/" + name;
}

std::vector<hsize_t> extents_of(hid_t dataset, const std::filesystem::path& target) {
  const Hdf5Handle space = require_handle(H5Dget_space(dataset), H5Sclose, target);
  std::vector<hsize_t> extents(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
  H5Sget_simple_extent_dims(space, extents.data(), nullptr);
  return extents;
}

// netCDF-4 knows a dimension without coordinates by this name, which states its length too.
void create_bare_scale(hid_t file, const std::string& path, hsize_t length,
                       const std::filesystem::path& target) {
  const Hdf5Handle properties = require_handle(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, target);
  require_written(H5Pset_obj_track_times(properties, false), target);
  const Hdf5Handle space = require_handle(H5Screate_simple(1, &length, nullptr), H5Sclose, target);
  const Hdf5Handle scale = require_handle(
      H5Dcreate2(file, path.c_str(), H5T_IEEE_F32BE, space, H5P_DEFAULT, properties, H5P_DEFAULT),
      H5Dclose, target);
  const std::string name =
      fmt::format("This is a netCDF dimension but not a netCDF variable.{:10}", length);
  require_written(H5DSset_scale(scale, name.c_str()), target);
}

}  // namespace

void attach_dimensions(hid_t file, const std::vector<NamedAxes>& arrays,
                       const std::filesystem::path& target) {
  const auto open = [&](const std::string& path) {
    return require_handle(H5Dopen2(file, path.c_str(), H5P_DEFAULT), H5Dclose, target);
  };
  std::map<std::string, Dimension> dimensions;  // by path
  for (const NamedAxes& array : arrays) {
    const Hdf5Handle dataset = open(path_of(array.group, array.name));
    const std::vector<hsize_t> extents = extents_of(dataset, target);
    for (std::size_t axis = 0; axis < extents.size(); ++axis) {
      const auto [place, added] = dimensions.try_emplace(path_of(array.group, array.axes[axis]),
                                                         Dimension{extents[axis], array.name});
      Dimension& dimension = place->second;
      if (dimension.length != extents[axis])
        throw Error(fmt::format(
            "axis {} of group {} has {} entries in {} but {} in {}; '{}' was not "
            "written",
            quoted(array.axes[axis]), quoted(array.group), dimension.length,
            quoted(dimension.first_array), extents[axis], quoted(array.name), target.string()));
      if (array.name == array.axes[axis]) {
        dimension.has_coordinates = true;
        require_written(H5DSset_scale(dataset, array.name.c_str()), target);
      }
    }
  }
  for (const auto& [path, dimension] : dimensions)
    if (!dimension.has_coordinates) create_bare_scale(file, path, dimension.length, target);

  for (const NamedAxes& array : arrays) {
    const Hdf5Handle dataset = open(path_of(array.group, array.name));
    for (std::size_t axis = 0; axis < array.axes.size(); ++axis) {
      if (array.name == array.axes[axis]) continue;  // a scale has no scale
      const Hdf5Handle scale = open(path_of(array.group, array.axes[axis]));
      require_written(H5DSattach_scale(dataset, scale, static_cast<unsigned>(axis)), target);
    }
  }
}

}  // namespace lyap::framework
