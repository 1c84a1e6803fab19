// tests/framework/data/hdf5_test.cpp - result files as Python reads them, and disks that fail.
#include "data/hdf5.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <limits>
#include <numeric>

#include "../file_size_limit.hpp"
#include "../temporary_folder.hpp"
#include "base/error.hpp"
#include "base/file.hpp"

using namespace lyap::framework;

namespace {

using Doubles = std::vector<double>;
using Integers = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

// One of everything; read_results.py says what it should look like.
void write_example(const std::filesystem::path& path) {
  ResultFile file(path);
  file.write_attributes("spectrum", {{"state", "hidden"}, {"orientation", "forward"}});
  ResultArray exponent =
      file.create({"spectrum",
                   "exponent",
                   {"checkpoint", "sequence", "index"},
                   {grows, 2, 4},
                   {{"units", "nats/step"}, {"warmup", std::int64_t{100}}, {"tolerance", 1e-3}}},
                  Element::Double);
  Doubles values(24);
  std::iota(values.begin(), values.end(), 0);
  exponent.append(std::span(values).first(8));
  exponent.append(std::span(values).last(16));
  ResultArray checkpoint =
      file.create({"spectrum", "checkpoint", {"checkpoint"}, {grows}}, Element::Integer);
  for (const std::int64_t epoch : {0, 1, 5}) checkpoint.append(Integers{epoch});
  file.write({"spectrum", "cell", {"checkpoint"}, {3}}, Texts{"lstm", "gru", "s\u00fcrpri\u00df"});
  file.write({"spectrum", "dead", {"index"}, {4}}, Integers{0, 0, 1, 2});
  file.write({"spectrum", "nothing", {"none"}, {0}}, Doubles{});
  ResultArray field = file.create({"ftle/late", "field", {"step", "row"}, {6, 5}}, Element::Double);
  field.write({2, 1}, {2, 4}, Doubles(8, 7));
  file.write({"", "total", {}, {}}, Doubles{-0.5});
  file.close();
}

}  // namespace

TEST_CASE(
    "xarray and h5py read the named axes, coordinates, texts and attributes that were written") {
  const TemporaryFolder folder;
  write_example(folder / "results.h5");
  const std::string command = "/usr/bin/python3 " LYAP_SOURCE_DIR
                              "/tests/framework/data/read_results.py " +
                              (folder / "results.h5").string();
  const int status = std::system(command.c_str());
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77 || WEXITSTATUS(status) == 127) {
    MESSAGE("skipped: this system's Python has no h5py and xarray");
    return;
  }
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("the same results give the same bytes") {
  const TemporaryFolder folder;
  write_example(folder / "one.h5");
  write_example(folder / "other.h5");
  CHECK(read_file(folder / "one.h5") == read_file(folder / "other.h5"));
}

TEST_CASE("a result file has its name only once it is closed, and leaves nothing if it never is") {
  const TemporaryFolder folder;
  {
    ResultFile file(folder / "results.h5");
    file.write({"", "x", {"index"}, {2}}, Doubles{1, 2});
    CHECK_FALSE(std::filesystem::exists(folder / "results.h5"));
  }
  CHECK(folder.entries() == 0);
  write_example(folder / "results.h5");
  CHECK(folder.entries() == 1);
}

TEST_CASE("an array outlives its file and says that the file is closed") {
  const TemporaryFolder folder;
  const std::string path = folder / "results.h5";
  ResultFile file(path);
  ResultArray array = file.create({"", "x", {"step"}, {grows}}, Element::Double);
  array.append(Doubles{1});
  file.close();
  CHECK_THROWS_WITH_AS(array.append(Doubles{2}),
                       ("'" + path + "' is closed; nothing can be added to it").c_str(), Error);
}

TEST_CASE("axes of one name in a group that differ in length are refused, and nothing is left") {
  const TemporaryFolder folder;
  const std::string path = folder / "results.h5";
  {
    ResultFile file(path);
    file.write({"spectrum", "mean", {"index"}, {3}}, Doubles{1, 2, 3});
    file.write({"other", "mean", {"index"}, {5}}, Doubles(5));
    file.write({"spectrum", "std", {"index"}, {2}}, Doubles{1, 2});
    CHECK_THROWS_WITH_AS(
        file.close(),
        ("axis 'index' of group 'spectrum' has 3 entries in 'mean' but 2 in 'std'; '" + path +
         "' was not written")
            .c_str(),
        Error);
  }
  CHECK(folder.entries() == 0);
}

TEST_CASE("a name that is given twice in a group is refused") {
  const TemporaryFolder folder;
  const std::string path = folder / "results.h5";
  ResultFile file(path);
  file.write({"g", "x", {}, {}}, Doubles{1});
  CHECK_THROWS_AS(file.write({"g", "x", {}, {}}, Doubles{2}), Error);
}

TEST_CASE("a disk that takes no more is an error, the earlier file stays and no other is left") {
  const TemporaryFolder folder;
  const std::string path = folder.file("results.h5", "earlier");
  const std::string sentence = "'" + path + "' cannot be written: File too large";
  {
    ResultFile file(path);
    ResultArray array = file.create({"", "x", {"step", "index"}, {grows, 1000}}, Element::Double);
    const FileSizeLimit limit(100'000);
    const auto append_a_thousand = [&] {
      for (int i = 0; i < 1000; ++i) array.append(Doubles(1000, i));
    };
    CHECK_THROWS_WITH_AS(append_a_thousand(), sentence.c_str(), Error);
  }
  {
    ResultFile file(path);
    file.write({"", "x", {"index"}, {100}}, Doubles(100));
    const FileSizeLimit limit(500);
    CHECK_THROWS_WITH_AS(file.close(), sentence.c_str(), Error);
  }
  CHECK(read_file(path) == "earlier");
  CHECK(folder.entries() == 1);
  write_example(path);  // with room again all is well, and the program ends without a crash
}

TEST_CASE("a folder that is missing and a directory as target are refused at once") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(ResultFile(folder / "missing/results.h5"), InputError);
  CHECK_THROWS_AS(ResultFile(folder.path()), InputError);
}
