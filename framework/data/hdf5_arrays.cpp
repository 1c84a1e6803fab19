// framework/data/hdf5_arrays.cpp - every array of a result file, with its axes.
#include "data/hdf5_arrays.hpp"

#include <fmt/format.h>
#include <hdf5_hl.h>

#include <algorithm>
#include <sstream>

#include "base/error.hpp"
#include "base/open_file.hpp"
#include "data/hdf5_handle.hpp"

namespace lyap::framework {
namespace {

class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) : path_(path) {
    OpenFile::to_read(path);  // says what is missing better than the library does
    file_ = Hdf5Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
    require(file_ >= 0);
  }

  std::vector<StoredArray> read() {
    std::vector<std::string> names;
    require(H5Lvisit(file_, H5_INDEX_NAME, H5_ITER_INC, &Reader::list, &names) >= 0);
    std::vector<StoredArray> arrays;
    for (const std::string& name : names) {
      const Hdf5Handle object(H5Oopen(file_, name.c_str(), H5P_DEFAULT), H5Oclose);
      require(object >= 0);
      if (H5Iget_type(object) == H5I_DATASET && !is_bare_dimension(object))
        arrays.push_back(read_array(object, name));
    }
    return arrays;
  }

 private:
  void require(bool holds) const {
    if (!holds)
      throw InputError(
          fmt::format("'{}' is not an HDF5 file that can be read; is it complete, and one of ours?",
                      path_.string()));
  }

  static herr_t list(hid_t, const char* name, const H5L_info_t*, void* names) {
    static_cast<std::vector<std::string>*>(names)->emplace_back(name);
    return 0;
  }

  /// A dimension without coordinates, which netCDF-4 keeps as an array.
  static bool is_bare_dimension(hid_t dataset) {
    char name[64] = "";
    return H5DSis_scale(dataset) > 0 && H5DSget_scale_name(dataset, name, sizeof name) > 0 &&
           std::string(name).starts_with("This is a netCDF dimension but not a netCDF variable");
  }

  StoredArray read_array(hid_t dataset, const std::string& path) const {
    StoredArray array;
    const std::size_t slash = path.rfind('/');
    array.group = slash == path.npos ? "" : path.substr(0, slash);
    array.name = slash == path.npos ? path : path.substr(slash + 1);
    std::replace(array.group.begin(), array.group.end(), '/', '.');
    array.unit = text_attribute(dataset, "units");
    array.doc = text_attribute(dataset, "long_name");
    std::istringstream words(text_attribute(dataset, "flag_meanings"));
    for (std::string word; words >> word;) array.words.push_back(word);
    read_contents(dataset, array);
    for (std::size_t axis = 0; axis < array.shape.size(); ++axis)
      array.axes.push_back(axis_name(dataset, static_cast<unsigned>(axis), array.name));
    return array;
  }

  void read_contents(hid_t dataset, StoredArray& array) const {
    const Hdf5Handle space(H5Dget_space(dataset), H5Sclose);
    const hssize_t count = space < 0 ? -1 : H5Sget_simple_extent_npoints(space);
    require(count >= 0);
    std::vector<hsize_t> extents(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
    H5Sget_simple_extent_dims(space, extents.data(), nullptr);
    array.shape.assign(extents.begin(), extents.end());
    const Hdf5Handle type(H5Dget_type(dataset), H5Tclose);
    const auto size = static_cast<std::size_t>(count);
    if (H5Tget_class(type) == H5T_STRING) {
      require(H5Tis_variable_str(type) > 0);
      array.texts = texts_of(size, [&](hid_t kind, void* to) {
        return H5Dread(dataset, kind, H5S_ALL, H5S_ALL, H5P_DEFAULT, to);
      });
    } else {
      array.values.resize(size);
      require(H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                      array.values.data()) >= 0);
    }
  }

  /// Texts of any length; the library allocates them and has to be given them back.
  template <class Read>
  std::vector<std::string> texts_of(std::size_t count, const Read& read) const {
    const Hdf5Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    std::vector<char*> pointers(count);
    require(read(type, pointers.data()) >= 0);
    std::vector<std::string> texts;
    for (const char* pointer : pointers) texts.emplace_back(pointer ? pointer : "");
    const hsize_t extent = count;
    const Hdf5Handle space(H5Screate_simple(1, &extent, nullptr), H5Sclose);
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, pointers.data());
    return texts;
  }

  /// "" where there is none, or none of text.
  std::string text_attribute(hid_t object, const char* name) const {
    if (H5Aexists(object, name) <= 0) return "";
    const Hdf5Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
    const Hdf5Handle type(H5Aget_type(attribute), H5Tclose);
    if (H5Tget_class(type) != H5T_STRING) return "";
    if (H5Tis_variable_str(type) > 0)
      return texts_of(1, [&](hid_t kind, void* to) { return H5Aread(attribute, kind, to); })[0];
    std::string text(H5Tget_size(type), '\0');
    if (H5Aread(attribute, type, text.data()) < 0) return "";
    return text.substr(0, text.find('\0'));
  }

  static std::string axis_name(hid_t dataset, unsigned axis, const std::string& own_name) {
    if (H5DSis_scale(dataset) > 0) return own_name;
    std::string name = fmt::format("axis_{}", axis);
    const auto take = [](hid_t, unsigned, hid_t scale, void* to) -> herr_t {
      char path[1024] = "";
      if (H5Iget_name(scale, path, sizeof path) > 0)
        *static_cast<std::string*>(to) = std::filesystem::path(path).filename();
      return 1;
    };
    H5DSiterate_scales(dataset, axis, nullptr, take, &name);
    return name;
  }

  const std::filesystem::path& path_;
  Hdf5Handle file_;
};

}  // namespace

std::vector<StoredArray> read_arrays(const std::filesystem::path& file) {
  const Hdf5Silence silence;
  return Reader(file).read();
}

}  // namespace lyap::framework
