// framework/data/hdf5_read.cpp - numbers back from a result file.
#include "data/hdf5_read.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "data/hdf5_handle.hpp"

namespace lyap::framework {

std::vector<double> read_doubles(const std::filesystem::path& file, const std::string& array) {
  const Hdf5Silence silence;
  const auto require = [&](bool holds) {
    if (!holds)
      throw Error(fmt::format("'{}' cannot be read from '{}'; was the file changed or removed?",
                              array, file.string()));
  };
  const Hdf5Handle id(H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  require(id >= 0);
  const Hdf5Handle dataset(H5Dopen2(id, array.c_str(), H5P_DEFAULT), H5Dclose);
  require(dataset >= 0);
  const Hdf5Handle space(H5Dget_space(dataset), H5Sclose);
  const hssize_t count = space < 0 ? -1 : H5Sget_simple_extent_npoints(space);
  require(count >= 0);
  std::vector<double> values(static_cast<std::size_t>(count));
  require(H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0);
  return values;
}

}  // namespace lyap::framework
