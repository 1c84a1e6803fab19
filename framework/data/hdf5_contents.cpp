// framework/data/hdf5_contents.cpp - what a result file holds, by name, axes and attributes.
#include "data/hdf5_contents.hpp"

#include <fmt/format.h>
#include <hdf5_hl.h>

#include "base/error.hpp"
#include "data/hdf5_handle.hpp"

namespace lyap::framework {
namespace {

void require(bool holds, const std::filesystem::path& file) {
  if (!holds)
    throw InputError(
        fmt::format("'{}' is not an HDF5 file that can be read; is it complete, and one of ours?",
                    file.string()));
}

/// Texts of variable length, as ResultFile writes them; the library lends them. None: they are of
/// another kind.
std::vector<std::string> texts_of(std::size_t count, auto&& read) {
  std::vector<char*> lent(count, nullptr);
  const Hdf5Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  std::vector<std::string> texts;
  if (read(type, lent.data()) < 0) return texts;
  for (char* text : lent) {
    texts.emplace_back(text ? text : "");
    H5free_memory(text);
  }
  return texts;
}

herr_t add_text(hid_t object, const char* name, const H5A_info_t*, void* into) {
  auto& texts = *static_cast<std::vector<std::pair<std::string, std::string>>*>(into);
  const Hdf5Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
  const Hdf5Handle type(H5Aget_type(attribute), H5Tclose);
  const Hdf5Handle space(H5Aget_space(attribute), H5Sclose);
  if (H5Tget_class(type) != H5T_STRING || H5Sget_simple_extent_npoints(space) != 1) return 0;
  if (H5Tis_variable_str(type) <= 0) {  // as other programs write them
    if (name == std::string_view("CLASS") || name == std::string_view("NAME"))
      return 0;  // the library's own, of a dimension
    std::string text(H5Tget_size(type), '\0');
    if (H5Aread(attribute, type, text.data()) >= 0)
      texts.emplace_back(name, text.substr(0, text.find('\0')));
    return 0;
  }
  for (std::string& text :
       texts_of(1, [&](hid_t as, char**to) { return H5Aread(attribute, as, to); }))
    texts.emplace_back(name, std::move(text));
  return 0;
}

herr_t take_name(hid_t, unsigned, hid_t scale, void* into) {
  std::string name(512, '\0');
  const ssize_t length = H5Iget_name(scale, name.data(), name.size());
  name.resize(static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
  *static_cast<std::string*>(into) = name.substr(name.rfind('/') + 1);
  return 1;  // one scale an axis
}

/// The name of an axis: that of the dimension attached to it. A coordinate is its own axis.
std::string axis_of(hid_t dataset, unsigned axis, const std::string& name) {
  if (H5DSis_scale(dataset) > 0) return name;
  std::string found = fmt::format("axis_{}", axis);
  H5DSiterate_scales(dataset, axis, nullptr, take_name, &found);
  return found;
}

bool is_bare_dimension(hid_t dataset) {
  char name[64] = "";
  if (H5DSis_scale(dataset) <= 0 || H5DSget_scale_name(dataset, name, sizeof name) < 0)
    return false;
  return std::string_view(name).starts_with("This is a netCDF dimension but not");
}

struct Visiting {
  std::string group;
  std::vector<ArrayEntry>& found;
};

herr_t visit(hid_t parent, const char* name, const H5L_info_t*, void* into) {
  auto& visiting = *static_cast<Visiting*>(into);
  const Hdf5Handle object(H5Oopen(parent, name, H5P_DEFAULT), H5Oclose);
  if (object < 0) return 0;
  if (H5Iget_type(object) == H5I_GROUP) {
    Visiting inside{visiting.group.empty() ? name : visiting.group + "/" + name, visiting.found};
    return H5Literate(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, visit, &inside);
  }
  if (H5Iget_type(object) != H5I_DATASET || is_bare_dimension(object)) return 0;
  ArrayEntry array;
  array.group = visiting.group;
  array.name = name;
  const Hdf5Handle space(H5Dget_space(object), H5Sclose);
  const int axes = H5Sget_simple_extent_ndims(space);
  std::vector<hsize_t> extents(static_cast<std::size_t>(std::max(axes, 0)));
  if (axes > 0) H5Sget_simple_extent_dims(space, extents.data(), nullptr);
  array.shape.assign(extents.begin(), extents.end());
  for (int a = 0; a < axes; ++a)
    array.axes.push_back(axis_of(object, static_cast<unsigned>(a), array.name));
  const Hdf5Handle type(H5Dget_type(object), H5Tclose);
  array.numbers = H5Tget_class(type) != H5T_STRING;
  H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, add_text, &array.texts);
  visiting.found.push_back(std::move(array));
  return 0;
}

}  // namespace

std::vector<ArrayEntry> contents_of(const std::filesystem::path& file) {
  const Hdf5Silence silence;
  const Hdf5Handle id(H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  require(id >= 0, file);
  std::vector<ArrayEntry> found;
  Visiting top{"", found};
  require(H5Literate(id, H5_INDEX_NAME, H5_ITER_INC, nullptr, visit, &top) >= 0, file);
  return found;
}

std::vector<std::string> read_texts(const std::filesystem::path& file, const std::string& array) {
  const Hdf5Silence silence;
  const auto require = [&](bool holds) {
    if (!holds)
      throw Error(fmt::format("'{}' cannot be read from '{}'; was the file changed or removed?",
                              array, file.string()));
  };
  const Hdf5Handle id(H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  const Hdf5Handle dataset(id < 0 ? -1 : H5Dopen2(id, array.c_str(), H5P_DEFAULT), H5Dclose);
  require(dataset >= 0);
  const Hdf5Handle space(H5Dget_space(dataset), H5Sclose);
  const auto count = static_cast<std::size_t>(H5Sget_simple_extent_npoints(space));
  std::vector<std::string> texts = texts_of(count, [&](hid_t as, char** to) {
    return H5Dread(dataset, as, H5S_ALL, H5S_ALL, H5P_DEFAULT, to);
  });
  require(texts.size() == count);
  return texts;
}

}  // namespace lyap::framework
