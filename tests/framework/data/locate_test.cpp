// tests/framework/data/locate_test.cpp - the folders are searched in order and named when in vain.
#include "data/locate.hpp"

#include <doctest/doctest.h>

#include "../temporary_folder.hpp"
#include "base/error.hpp"
#include "data_environment.hpp"

using namespace lyap::framework;
using lyap::testing::DataEnvironment;

namespace {

using Paths = std::vector<std::filesystem::path>;

}  // namespace

TEST_CASE("data are searched in the option, then the variable, then the cache") {
  {
    const DataEnvironment environment("/variable", nullptr, "/home/me");
    CHECK(DataFolders("/option").folders() ==
          Paths{"/option", "/variable", "/home/me/.cache/lyap"});
    CHECK(DataFolders("").folders() == Paths{"/variable", "/home/me/.cache/lyap"});
  }
  {
    const DataEnvironment environment(nullptr, "/cache", "/home/me");
    CHECK(DataFolders("").folders() == Paths{"/cache/lyap"});
  }
  {
    const DataEnvironment environment("", "relative", "/home/me");
    CHECK(DataFolders("").folders() == Paths{"/home/me/.cache/lyap"});
  }
  const DataEnvironment environment(nullptr, nullptr, nullptr);
  CHECK(DataFolders("").folders().empty());
}

TEST_CASE("the first folder that has the file wins, and within it the first ending") {
  const TemporaryFolder one, other;
  const DataEnvironment environment(other.path().c_str(), nullptr, nullptr);
  const DataFolders data(one.path().string());
  other.file("mnist/train", "");
  CHECK(data.find("mnist/train", {".gz", ""}, "") == other / "mnist/train");
  other.file("mnist/train.gz", "");
  CHECK(data.find("mnist/train", {".gz", ""}, "") == other / "mnist/train.gz");
  one.file("mnist/train", "");
  CHECK(data.find("mnist/train", {".gz", ""}, "") == one / "mnist/train");
}

TEST_CASE("a file that is nowhere is asked for with all places and what to do") {
  const DataEnvironment environment("/no/data", "/no/cache", nullptr);
  CHECK_THROWS_WITH_AS(
      DataFolders("").find("mnist/train-images-idx3-ubyte", {".gz", ""}, "the MNIST database"),
      "there is no 'mnist/train-images-idx3-ubyte.gz' or 'mnist/train-images-idx3-ubyte' in "
      "'/no/data' or '/no/cache/lyap'; put it there, or name its folder with --data or LYAP_DATA; "
      "where to get it: the MNIST database",
      InputError);
}

TEST_CASE("without any folder the sentence says so") {
  const DataEnvironment environment(nullptr, nullptr, nullptr);
  CHECK_THROWS_WITH_AS(DataFolders("").find("x", {""}, "y"),
                       "there is no 'x' in any folder, for none is set; put it there, or name its "
                       "folder with --data or LYAP_DATA; where to get it: y",
                       InputError);
}
