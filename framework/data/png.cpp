// framework/data/png.cpp - grey pictures as PNG files (W3C, Portable Network Graphics, 2nd
// edition).
#include "data/png.hpp"

#include <zlib.h>

#include <cassert>
#include <vector>

#include "base/error.hpp"

namespace lyap::framework {
namespace {

void append_big_endian(std::string& bytes, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
}

/// Length, type, data, CRC of type and data.
std::string chunk(const std::string& type, const std::string& data) {
  std::string bytes;
  append_big_endian(bytes, static_cast<std::uint32_t>(data.size()));
  const std::string body = type + data;
  bytes += body;
  append_big_endian(bytes,
                    static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(body.data()),
                                                     static_cast<uInt>(body.size()))));
  return bytes;
}

std::string deflated(const std::string& raw) {
  uLongf size = compressBound(raw.size());
  std::string bytes(size, '\0');
  if (compress(reinterpret_cast<Bytef*>(bytes.data()), &size,
               reinterpret_cast<const Bytef*>(raw.data()), raw.size()) != Z_OK)
    throw Error("a picture could not be compressed; there is not enough memory");
  bytes.resize(size);
  return bytes;
}

}  // namespace

std::string png_of(std::span<const std::uint8_t> grey, std::int64_t width, std::int64_t height) {
  assert(std::ssize(grey) == width * height);
  std::string header;
  append_big_endian(header, static_cast<std::uint32_t>(width));
  append_big_endian(header, static_cast<std::uint32_t>(height));
  header += std::string("\x08\0\0\0\0", 5);  // 8 bits, grey, deflate, no filter, no interlace
  std::string rows;
  for (std::int64_t row = 0; row < height; ++row) {
    rows += '\0';  // this row is not filtered
    rows.append(reinterpret_cast<const char*>(grey.data()) + row * width,
                static_cast<std::size_t>(width));
  }
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("IDAT", deflated(rows)) +
         chunk("IEND", "");
}

}  // namespace lyap::framework
