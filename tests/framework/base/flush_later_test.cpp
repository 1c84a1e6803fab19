// tests/framework/base/flush_later_test.cpp - which files are flushed to the disk together.
#include "base/flush_later.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "../temporary_folder.hpp"
#include "base/file.hpp"

using namespace lyap::framework;

TEST_CASE("files are flushed later while it is asked for, by this thread alone") {
  CHECK(!FlushLater::asked());
  {
    const FlushLater outer;
    CHECK(FlushLater::asked());
    bool elsewhere = true;
    std::thread([&] { elsewhere = FlushLater::asked(); }).join();
    CHECK(!elsewhere);
    { const FlushLater inner; }
    CHECK(FlushLater::asked());
  }
  CHECK(!FlushLater::asked());
}

TEST_CASE("a file that is flushed later is complete under its name at once") {
  const TemporaryFolder folder;
  const FlushLater later;
  std::filesystem::create_directory(folder / "inside");
  write_file_atomically(folder / "inside" / "a", "one");
  write_file_atomically(folder / "inside" / "a", "two");
  CHECK(read_file(folder / "inside" / "a") == "two");
  CHECK(std::distance(std::filesystem::directory_iterator(folder / "inside"), {}) == 1);
  flush_all({folder.path()});
  CHECK(read_file(folder / "inside" / "a") == "two");
}
