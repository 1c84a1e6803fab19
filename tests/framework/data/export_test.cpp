// tests/framework/data/export_test.cpp - forms that other programs read: bytes as their formats
// say.
#include <doctest/doctest.h>

#include <limits>

#include "../temporary_folder.hpp"
#include "base/file.hpp"
#include "data/arrays_csv.hpp"
#include "data/hdf5.hpp"
#include "data/hdf5_arrays.hpp"
#include "data/npy.hpp"
#include "data/npz.hpp"
#include "data/text_file.hpp"
#include "data/torch_file.hpp"
#include "data/zip.hpp"

using namespace lyap::framework;

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

StoredArray numbers(std::string name, std::vector<std::string> axes,
                    std::vector<std::int64_t> shape, std::vector<double> values) {
  StoredArray array;
  array.group = "le";
  array.name = std::move(name);
  array.axes = std::move(axes);
  array.shape = std::move(shape);
  array.values = std::move(values);
  return array;
}

}  // namespace

TEST_CASE("what a result file holds is read back with axes, units, words and texts") {
  const TemporaryFolder folder;
  const std::vector<double> values = {1, 2, nan, -infinity, 0.1, 6}, epochs = {0, 5, 9};
  const std::vector<std::string> names = {"a", "b\u00e9"};
  ResultFile file(folder / "r.h5");
  file.write({"le", "x", {"checkpoint", "index"}, {3, 2}, {{"units", std::string("nats/step")}}},
             std::span<const double>(values));
  file.write({"le", "checkpoint", {"checkpoint"}, {3}, {}}, std::span<const double>(epochs));
  file.write({"", "name", {"network"}, {2}, {{"flag_meanings", std::string("no yes")}}},
             std::span<const std::string>(names));
  file.close();

  const std::vector<StoredArray> read = read_arrays(folder / "r.h5");
  REQUIRE(read.size() == 3);  // and no dimension without coordinates
  CHECK(read[0].full_name() == "le.checkpoint");
  CHECK(read[0].is_coordinate());
  CHECK(read[0].values == epochs);
  CHECK(read[1].full_name() == "le.x");
  CHECK(read[1].axes == std::vector<std::string>{"checkpoint", "index"});
  CHECK(read[1].shape == std::vector<std::int64_t>{3, 2});
  CHECK(read[1].unit == "nats/step");
  CHECK(read[1].values[3] == -infinity);
  CHECK(read[2].full_name() == "name");
  CHECK(read[2].texts == names);
  CHECK(read[2].words == std::vector<std::string>{"no", "yes"});
}

TEST_CASE("a table has a line for every number, with coordinates, words and empty fields") {
  const TemporaryFolder folder;
  const StoredArray x =
      numbers("x", {"checkpoint", "index"}, {2, 2}, {0.1, nan, -infinity, 1.0 / 3});
  StoredArray verdict = numbers("verdict", {"checkpoint"}, {2}, {1, 7});
  verdict.words = {"low", "high, or so"};
  const std::vector<StoredArray> all = {x, verdict,
                                        numbers("checkpoint", {"checkpoint"}, {2}, {0, 5})};
  write_csv(folder / "x.csv", x, all);
  CHECK(read_file(folder / "x.csv") ==
        "checkpoint,index,x\n0,0,0.1\n0,1,\n5,0,-inf\n5,1,0.3333333333333333\n");
  write_csv(folder / "v.csv", verdict, all);
  CHECK(read_file(folder / "v.csv") == "checkpoint,verdict\n0,\"high, or so\"\n5,7\n");
  write_csv(folder / "one.csv", numbers("one", {}, {}, {2}), all);
  CHECK(read_file(folder / "one.csv") == "one\n2\n");
}

TEST_CASE(
    "every file of an archive begins at a multiple of 64, and equal contents are equal bytes") {
  const TemporaryFolder folder;
  const auto write = [&](const char* name) {
    ZipFile file(folder / name);
    file.add("a", "first contents");
    file.add("folder/name", "second contents");
    file.close();
    return read_file(folder / name);
  };
  const std::string bytes = write("one.zip");
  CHECK(bytes.find("first contents") % 64 == 0);
  CHECK(bytes.find("second contents") % 64 == 0);
  CHECK(bytes == write("other.zip"));
}

TEST_CASE("nothing appears under its name before an archive is closed") {
  const TemporaryFolder folder;
  {
    ZipFile file(folder / "a.zip");
    file.add("a", "contents");
  }
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("the arrays of an npz are npy files") {
  const TemporaryFolder folder;
  const std::vector<double> values = {1, 2, 3, 4, 5, 6};
  write_npz(folder / "a.npz", {numbers("x", {"a", "b"}, {2, 3}, values)});
  write_npy(folder / "x.npy", {2, 3}, values);
  CHECK(read_file(folder / "a.npz").find(read_file(folder / "x.npy")) != std::string::npos);
}

TEST_CASE("a state_dict names every tensor, its storage and its shape") {
  const TemporaryFolder folder;
  const std::vector<float> weights = {1, 2, 3, 4, 5, 6};
  write_torch(folder / "w.pt", {{"cell.weight", Tensor::of({2, 3}, weights)}});
  const std::string bytes = read_file(folder / "w.pt");
  for (const char* part : {"archive/data.pkl", "archive/data/0", "archive/version", "cell.weight",
                           "ctorch._utils\n_rebuild_tensor_v2\n", "ctorch\nFloatStorage\n"})
    CHECK(bytes.find(part) != std::string::npos);
}

TEST_CASE("text in memory: code points, and U+FFFD for what is none") {
  CHECK(characters_of("a\u00e9\U0001d11e") == U"a\u00e9\U0001d11e");
  CHECK(characters_of("a\xff"
                      "b") ==
        U"a\ufffd"
        "b");
}
