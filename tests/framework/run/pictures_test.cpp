// tests/framework/run/pictures_test.cpp - results that are pictures become files.
#include "run/pictures.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "../temporary_folder.hpp"
#include "base/file.hpp"

using namespace lyap::framework;

namespace {

MeasuredArray grey(std::vector<std::string> axes, std::vector<std::int64_t> shape) {
  MeasuredArray array;
  array.port = "images";
  array.quantity = {"intensity", std::move(axes), "grey"};
  array.shape = std::move(shape);
  array.values.assign(static_cast<std::size_t>(array.size()), 0.5);
  return array;
}

std::uint32_t big_endian(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  return value;
}

}  // namespace

TEST_CASE("pictures stand side by side, the last axis before row and column to the right") {
  const TemporaryFolder folder;
  const RunDirectory directory = RunDirectory::create(folder.path(), "pictures", "0");
  Measurement m;
  m.name = "flips";
  m.arrays = {grey({"picture", "case", "row", "column"}, {2, 3, 5, 7})};
  m.arrays[0].values[0] = std::numeric_limits<double>::quiet_NaN();
  write_pictures(directory, m, "epoch-0003");
  const std::string png = read_file(directory.path() / "pictures/flips_epoch-0003_images.png");
  // Points are 4 wide, lines of 4 stand around every picture.
  CHECK(big_endian(png, 16) == 3 * (7 * 4 + 4) + 4);
  CHECK(big_endian(png, 20) == 2 * (5 * 4 + 4) + 4);
}

TEST_CASE("what is not grey, or has no rows and columns, is no picture") {
  const TemporaryFolder folder;
  const RunDirectory directory = RunDirectory::create(folder.path(), "pictures", "0");
  Measurement m;
  m.name = "flips";
  m.arrays = {grey({"picture", "time"}, {2, 3}), grey({"row", "column"}, {2, 3})};
  m.arrays[1].quantity.unit = "nats";
  write_pictures(directory, m, "given");
  CHECK_FALSE(std::filesystem::exists(directory.path() / "pictures"));
}
