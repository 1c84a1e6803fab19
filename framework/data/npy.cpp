// framework/data/npy.cpp - one array in a .npy file, as numpy.save writes it.
#include "data/npy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "data/npy_header.hpp"

namespace lyap::framework {
namespace {

static_assert(std::endian::native == std::endian::little, "elements are copied as they are stored");

constexpr std::string_view magic = "\x93NUMPY";

/// Reads one file; every complaint begins with its name.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) : path_(path), bytes_(read_file(path)) {}

  Array read() {
    const std::string_view text = header_text();
    const auto header = parse_npy_header(text);
    if (!header) refuse("has a damaged header");
    data_ = std::string_view(bytes_).substr(text.data() + text.size() - bytes_.data());
    return {header->shape, elements(*header)};
  }

 private:
  [[noreturn]] void refuse(const std::string& complaint) const {
    throw InputError(fmt::format("'{}' {}", path_.string(), complaint));
  }
  std::string_view header_text() const;
  std::vector<double> elements(const NpyHeader& header) const;
  template <class Number>
  std::vector<double> elements_of(const NpyHeader& header) const;
  std::size_t count_of(const NpyHeader& header, std::size_t width) const;

  const std::filesystem::path& path_;
  const std::string bytes_;
  std::string_view data_;
};

std::string_view Reader::header_text() const {
  if (bytes_.empty()) refuse("is empty; a .npy file is needed");
  if (bytes_.starts_with("PK"))
    refuse(
        "is not a .npy file but an archive of several (.npz); save the one array that is meant "
        "with numpy.save");
  if (!bytes_.starts_with(magic)) refuse("is not a .npy file; numpy.save writes one");
  const std::string cut_short = "is cut short within its header";
  if (bytes_.size() < 12) refuse(cut_short);
  const int version = static_cast<unsigned char>(bytes_[6]);
  if (version < 1 || version > 3)
    refuse(fmt::format("is a .npy file of format {}; 1, 2 and 3 can be read", version));
  const std::size_t start = version == 1 ? 10 : 12;
  std::uint32_t length = 0;
  std::memcpy(&length, bytes_.data() + 8, start - 8);
  if (length > bytes_.size() - start) refuse(cut_short);
  return std::string_view(bytes_).substr(start, length);
}

std::vector<double> Reader::elements(const NpyHeader& header) const {
  const std::string& descr = header.descr;
  const std::string_view type =
      std::string_view(descr).substr(std::min<std::size_t>(1, descr.size()));
  if (descr.starts_with('>') && type != "i1" && type != "u1" && type != "b1")
    refuse(
        fmt::format("holds big-endian numbers ('{}'); convert it in Python with "
                    "array.astype(array.dtype.newbyteorder('<'))",
                    descr));
  if (descr.find_first_of("<|=>") == 0) {
    if (type == "f8") return elements_of<double>(header);
    if (type == "f4") return elements_of<float>(header);
    if (type == "i8") return elements_of<std::int64_t>(header);
    if (type == "i4") return elements_of<std::int32_t>(header);
    if (type == "i2") return elements_of<std::int16_t>(header);
    if (type == "i1") return elements_of<std::int8_t>(header);
    if (type == "u8") return elements_of<std::uint64_t>(header);
    if (type == "u4") return elements_of<std::uint32_t>(header);
    if (type == "u2") return elements_of<std::uint16_t>(header);
    if (type == "u1" || type == "b1") return elements_of<std::uint8_t>(header);
  }
  refuse(
      fmt::format("holds elements of type {}; real numbers are needed, float32 or float64, "
                  "integers or booleans",
                  quoted(descr)));
}

template <class Number>
std::vector<double> Reader::elements_of(const NpyHeader& header) const {
  const std::size_t count = count_of(header, sizeof(Number));
  const auto element = [this](std::size_t i) {
    Number number;
    std::memcpy(&number, data_.data() + i * sizeof number, sizeof number);
    return static_cast<double>(number);
  };
  std::vector<double> values(count);
  if (!header.fortran_order) {
    for (std::size_t i = 0; i < count; ++i) values[i] = element(i);
    return values;
  }
  // Fortran order: the first index is the fastest in the file, the last one in memory.
  std::vector<std::size_t> index(header.shape.size(), 0);
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t place = 0;
    for (std::size_t axis = 0; axis < index.size(); ++axis)
      place = place * static_cast<std::size_t>(header.shape[axis]) + index[axis];
    values[place] = element(i);
    for (std::size_t axis = 0; axis < index.size(); ++axis) {
      if (++index[axis] < static_cast<std::size_t>(header.shape[axis])) break;
      index[axis] = 0;
    }
  }
  return values;
}

std::size_t Reader::count_of(const NpyHeader& header, std::size_t width) const {
  std::size_t size = width;
  for (const std::int64_t extent : header.shape)
    if (__builtin_mul_overflow(size, extent, &size))
      refuse("has an impossible shape in its header");
  if (size > data_.size())
    refuse(fmt::format("is cut short: its shape needs {} bytes, but there are {}", size,
                       data_.size()));
  if (size < data_.size())
    refuse(fmt::format("has {} bytes behind its last element", data_.size() - size));
  return size / width;
}

template <class Number>
void write(const std::filesystem::path& path, std::string_view descr,
           const std::vector<std::int64_t>& shape, std::span<const Number> values) {
  [[maybe_unused]] std::int64_t count = 1;
  for (const std::int64_t extent : shape) count *= extent;
  assert(count == std::ssize(values));
  AtomicFile file(path);
  file.write(npy_head(descr, shape));
  const auto bytes = std::as_bytes(values);
  file.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  file.commit();
}

}  // namespace

Array read_npy(const std::filesystem::path& path) {
  return Reader(path).read();
}

void write_npy(const std::filesystem::path& path, const std::vector<std::int64_t>& shape,
               std::span<const double> values) {
  write(path, "<f8", shape, values);
}

void write_npy(const std::filesystem::path& path, const std::vector<std::int64_t>& shape,
               std::span<const float> values) {
  write(path, "<f4", shape, values);
}

void write_npy(const std::filesystem::path& path, const std::vector<std::int64_t>& shape,
               std::span<const std::int64_t> values) {
  write(path, "<i8", shape, values);
}

}  // namespace lyap::framework
