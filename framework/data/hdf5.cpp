// framework/data/hdf5.cpp - results in an HDF5 file that opens in xarray, netCDF4 and h5py.
#include "data/hdf5.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <functional>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "base/file.hpp"
#include "data/hdf5_dimensions.hpp"
#include "data/hdf5_handle.hpp"

namespace lyap::framework {
namespace {

using Path = std::filesystem::path;
using Shape = std::vector<std::int64_t>;

// Of an element in memory and in the file: little-endian, so that every machine writes the same.
Hdf5Handle type_of(Element element, const Path& target) {
  const hid_t kind = element == Element::Double    ? H5T_IEEE_F64LE
                     : element == Element::Integer ? H5T_STD_I64LE
                                                   : H5T_C_S1;
  Hdf5Handle type = require_handle(H5Tcopy(kind), H5Tclose, target);
  if (element == Element::Text) {
    require_written(H5Tset_size(type, H5T_VARIABLE), target);
    require_written(H5Tset_cset(type, H5T_CSET_UTF8), target);
  }
  return type;
}

// Times of creation would make identical runs differ.
Hdf5Handle creation_properties(hid_t kind, const Path& target) {
  Hdf5Handle properties = require_handle(H5Pcreate(kind), H5Pclose, target);
  require_written(H5Pset_obj_track_times(properties, false), target);
  return properties;
}

// Of a group, or the file as one: it lists what is in it in the order of writing.
Hdf5Handle group_properties(hid_t kind, const Path& target) {
  Hdf5Handle properties = creation_properties(kind, target);
  const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  require_written(H5Pset_link_creation_order(properties, order), target);
  return properties;
}

Hdf5Handle create_file(const Path& temporary, const Path& target) {
  const Hdf5Handle creation = group_properties(H5P_FILE_CREATE, target);
  const Hdf5Handle access = require_handle(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, target);
  // Nobody else knows the temporary name, and network folders often cannot lock.
  require_written(H5Pset_file_locking(access, false, true), target);
  return require_handle(H5Fcreate(temporary.c_str(), H5F_ACC_TRUNC, creation, access), H5Fclose,
                        target);
}

// 16 KiB: small enough for a run of few checkpoints, large enough to be read at speed.
std::vector<hsize_t> chunk_of(const std::vector<hsize_t>& extents) {
  hsize_t room = 2048;
  std::vector<hsize_t> chunk(extents.size());
  for (std::size_t axis = extents.size() - 1; axis > 0; --axis) {
    chunk[axis] = std::clamp<hsize_t>(extents[axis], 1, room);
    room /= chunk[axis];
  }
  chunk[0] = room;
  return chunk;
}

void write_attribute(hid_t object, const std::string& name, const Attribute& value,
                     const Path& target) {
  const std::string* const text = std::get_if<std::string>(&value);
  const bool real = std::holds_alternative<double>(value);
  const Hdf5Handle type = type_of(text   ? Element::Text
                                  : real ? Element::Double
                                         : Element::Integer,
                                  target);
  const Hdf5Handle space = require_handle(H5Screate(H5S_SCALAR), H5Sclose, target);
  const Hdf5Handle attribute = require_handle(
      H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, target);
  const char* const characters = text ? text->c_str() : nullptr;
  const void* stored = &characters;
  if (const auto* number = std::get_if<double>(&value)) stored = number;
  if (const auto* number = std::get_if<std::int64_t>(&value)) stored = number;
  require_written(H5Awrite(attribute, type, stored), target);
}

std::int64_t product(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

std::int64_t count_of(const Values& values) {
  return std::visit([](const auto& span) -> std::int64_t { return std::ssize(span); }, values);
}

Element element_of(const Values& values) {
  return static_cast<Element>(values.index());
}

}  // namespace

struct ResultArray::Stored {
  Path target;
  Element element;
  Shape shape;  // as it is now
  Hdf5Handle dataset;

  void put(const Shape& start, const Shape& extent, const Values& values) {
    assert(element_of(values) == element);
    assert(start.size() == shape.size() && extent.size() == shape.size());
    assert(count_of(values) == product(extent));
    if (count_of(values) == 0) return;
    const std::vector<hsize_t> from(start.begin(), start.end()), size(extent.begin(), extent.end());
    const Hdf5Handle in_file = require_handle(H5Dget_space(dataset), H5Sclose, target);
    const Hdf5Handle in_memory = require_handle(
        H5Screate_simple(static_cast<int>(size.size()), size.data(), nullptr), H5Sclose, target);
    if (!size.empty())
      require_written(
          H5Sselect_hyperslab(in_file, H5S_SELECT_SET, from.data(), nullptr, size.data(), nullptr),
          target);
    std::vector<const char*> characters;
    const void* stored = nullptr;
    if (const auto* texts = std::get_if<std::span<const std::string>>(&values)) {
      for (const std::string& text : *texts) characters.push_back(text.c_str());
      stored = characters.data();
    }
    if (const auto* numbers = std::get_if<std::span<const double>>(&values))
      stored = numbers->data();
    if (const auto* numbers = std::get_if<std::span<const std::int64_t>>(&values))
      stored = numbers->data();
    const Hdf5Handle type = type_of(element, target);
    require_written(H5Dwrite(dataset, type, in_memory, in_file, H5P_DEFAULT, stored), target);
  }

  void require_open() const {
    if (dataset < 0)
      throw Error(fmt::format("'{}' is closed; nothing can be added to it", target.string()));
  }
};

struct ResultFile::Open {
  explicit Open(const Path& target)
      : target(target), file(target), id(create_file(file.temporary(), target)) {}
  ~Open() { close_arrays(); }

  // The group at this path, made with those it is in if they are not there yet.
  Hdf5Handle group(const std::string& path) const {
    for (std::size_t end = 0; end < path.size();) {
      end = std::min(path.find('/', end + 1), path.size());
      const std::string part = path.substr(0, end);
      if (H5Lexists(id, part.c_str(), H5P_DEFAULT) > 0) continue;
      const Hdf5Handle properties = group_properties(H5P_GROUP_CREATE, target);
      require_handle(H5Gcreate2(id, part.c_str(), H5P_DEFAULT, properties, H5P_DEFAULT), H5Gclose,
                     target);
    }
    return require_handle(H5Gopen2(id, path.empty() ? "/" : path.c_str(), H5P_DEFAULT), H5Gclose,
                          target);
  }

  void close_arrays() {
    for (const auto& array : arrays) array->dataset.close();
  }

  Path target;
  AtomicFile file;  // before the identifier: what is not committed is closed, then deleted
  Hdf5Handle id;
  std::vector<std::shared_ptr<ResultArray::Stored>> arrays;
  std::vector<NamedAxes> names;
};

ResultFile::ResultFile(const Path& target) {
  const Hdf5Silence silence;
  open_ = std::make_unique<Open>(target);
}

ResultFile::~ResultFile() {
  const Hdf5Silence silence;
  open_.reset();
}

void ResultFile::write(const ArrayLayout& layout, Values values) {
  ResultArray array = create(layout, element_of(values));
  if (!layout.shape.empty() && layout.shape[0] == grows)
    array.append(values);
  else
    array.write(Shape(layout.shape.size(), 0), layout.shape, values);
}

ResultArray ResultFile::create(const ArrayLayout& layout, Element element) {
  assert(open_ && layout.axes.size() == layout.shape.size());
  const Hdf5Silence silence;
  const Path& target = open_->target;
  const bool growing = !layout.shape.empty() && layout.shape[0] == grows;
  Shape shape = layout.shape;
  if (growing) shape[0] = 0;

  const std::vector<hsize_t> extents(shape.begin(), shape.end());
  std::vector<hsize_t> limits = extents;
  const Hdf5Handle properties = creation_properties(H5P_DATASET_CREATE, target);
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  if (element == Element::Double)
    require_written(H5Pset_fill_value(properties, H5T_NATIVE_DOUBLE, &missing), target);
  if (growing) {
    limits[0] = H5S_UNLIMITED;
    const std::vector<hsize_t> chunk = chunk_of(extents);
    require_written(H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data()), target);
  }
  const Hdf5Handle space = require_handle(
      H5Screate_simple(static_cast<int>(extents.size()), extents.data(), limits.data()), H5Sclose,
      target);
  const Hdf5Handle group = open_->group(layout.group);
  const Hdf5Handle type = type_of(element, target);
  Hdf5Handle dataset = require_handle(
      H5Dcreate2(group, layout.name.c_str(), type, space, H5P_DEFAULT, properties, H5P_DEFAULT),
      H5Dclose, target);
  for (const auto& [name, value] : layout.attributes) write_attribute(dataset, name, value, target);

  open_->names.push_back({layout.group, layout.name, layout.axes});
  open_->arrays.push_back(std::make_shared<ResultArray::Stored>(
      ResultArray::Stored{target, element, std::move(shape), std::move(dataset)}));
  return ResultArray(open_->arrays.back());
}

void ResultFile::write_attributes(const std::string& group, const Attributes& attributes) {
  assert(open_);
  const Hdf5Silence silence;
  const Hdf5Handle object = open_->group(group);
  for (const auto& [name, value] : attributes) write_attribute(object, name, value, open_->target);
}

void ResultFile::close() {
  assert(open_);
  const Hdf5Silence silence;
  attach_dimensions(open_->id, open_->names, open_->target);
  require_written(H5Fflush(open_->id, H5F_SCOPE_LOCAL), open_->target);
  open_->close_arrays();
  require_written(open_->id.close(), open_->target);
  open_->file.commit();
  open_.reset();
}

void ResultArray::write(const Shape& start, const Shape& extent, Values values) {
  const Hdf5Silence silence;
  stored_->require_open();
  stored_->put(start, extent, values);
}

void ResultArray::append(Values values) {
  const Hdf5Silence silence;
  stored_->require_open();
  Shape start(stored_->shape.size(), 0), extent = stored_->shape;
  extent[0] = 1;
  assert(product(extent) > 0 && count_of(values) % product(extent) == 0);
  extent[0] = count_of(values) / product(extent);
  start[0] = stored_->shape[0];
  stored_->shape[0] += extent[0];
  const std::vector<hsize_t> longer(stored_->shape.begin(), stored_->shape.end());
  require_written(H5Dset_extent(stored_->dataset, longer.data()), stored_->target);
  stored_->put(start, extent, values);
}

}  // namespace lyap::framework
