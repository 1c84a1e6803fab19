// tests/framework/data/png_test.cpp - PNG files hold the grey values they were given.
#include "data/png.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <cstring>
#include <vector>

namespace {

std::uint32_t big_endian(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  return value;
}

struct Chunk {
  std::string type, data;
};

/// All chunks, each with a right checksum.
std::vector<Chunk> chunks(const std::string& png) {
  std::vector<Chunk> found;
  for (std::size_t at = 8; at < png.size();) {
    const std::uint32_t length = big_endian(png, at);
    const std::string body = png.substr(at + 4, 4 + length);
    CHECK(big_endian(png, at + 8 + length) ==
          crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size())));
    found.push_back({body.substr(0, 4), body.substr(4)});
    at += 12 + length;
  }
  return found;
}

}  // namespace

TEST_CASE("a PNG file says its size and holds its grey values row by row") {
  const std::vector<std::uint8_t> grey = {0, 1, 2, 253, 254, 255};
  const std::string png = lyap::framework::png_of(grey, 3, 2);
  CHECK(png.substr(0, 8) == "\x89PNG\r\n\x1a\n");
  const std::vector<Chunk> all = chunks(png);
  REQUIRE(all.size() == 3);
  CHECK(all[0].type == "IHDR");
  CHECK(big_endian(all[0].data, 0) == 3);
  CHECK(big_endian(all[0].data, 4) == 2);
  CHECK(all[0].data.substr(8) == std::string("\x08\0\0\0\0", 5));
  CHECK(all[1].type == "IDAT");
  CHECK(all[2].type == "IEND");
  std::vector<std::uint8_t> rows(8);
  uLongf size = rows.size();
  REQUIRE(uncompress(rows.data(), &size, reinterpret_cast<const Bytef*>(all[1].data.data()),
                     all[1].data.size()) == Z_OK);
  CHECK(rows == std::vector<std::uint8_t>{0, 0, 1, 2, 0, 253, 254, 255});  // 0: no filter
}
