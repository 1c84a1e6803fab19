// tests/framework/sweep/table_file_test.cpp - the table of networks in its two files.
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <cstdlib>

#include "../temporary_folder.hpp"
#include "base/file.hpp"
#include "data/hdf5_read.hpp"
#include "made_row.hpp"
#include "sweep/table.hpp"

using namespace lyap::framework;

namespace {

/// Axes that clash in every way: extent, epochs, and the name of a column.
Table clashing() {
  const auto row = [](double first, const std::string& cell) -> Row {
    return {
        number("network", first + 2),
        number("index", first),
        word("cell", cell),
        numbers("spectrum[checkpoint, index] nats/step", {2, 2}, {first, 2, 3, -infinite}, "0 5"),
        numbers("short[time]", {2}, {1, 2}),
        numbers("long[time]", {3}, {1, 2, 3}),
        numbers("late[checkpoint]", {2}, {1, 2}, "7 9"),
        numbers("same[checkpoint]", {2}, {1, 2}, "0 5")};
  };
  return table_of({"aa", "bb"}, {row(1, "lstm"), row(2, "gru")});
}

std::string csv(const Table& table, bool arrays) {
  const TemporaryFolder folder;
  write_csv(folder / "trials.csv", table, arrays);
  return read_file(folder / "trials.csv");
}

}  // namespace

TEST_CASE("trials.h5 opens in xarray: axes that clash have names of their own, epochs are labels") {
  const TemporaryFolder folder;
  const auto path = folder / "trials.h5";
  write_table(path, clashing(), {{"command", std::string("lyap sweep run x")}});
  CHECK(read_doubles(path, "spectrum") ==
        std::vector<double>{1, 2, 3, -infinite, 2, 2, 3, -infinite});
  CHECK(read_doubles(path, "checkpoint") == std::vector<double>{0, 5});
  CHECK(read_doubles(path, "checkpoint_late") == std::vector<double>{7, 9});
  const std::string command =
      "/usr/bin/python3 " LYAP_SOURCE_DIR "/tests/framework/sweep/read_table.py " + path.string();
  const int status = std::system(command.c_str());
  if (WEXITSTATUS(status) == 77) {
    MESSAGE("xarray is not installed: not checked");
    return;
  }
  CHECK(status == 0);
}

TEST_CASE("trials.h5 of networks that gave nothing, or of none") {
  const TemporaryFolder folder;
  CHECK_NOTHROW(write_table(folder / "a.h5", table_of({"a"}, {{}}), {}));
  CHECK_NOTHROW(write_table(folder / "b.h5", table_of({}, {}), {}));
  CHECK_NOTHROW(
      write_table(folder / "c.h5", table_of({"a"}, {{numbers("x[checkpoint]", {0}, {})}}), {}));
}

TEST_CASE("trials.csv: numbers that read back, words, nothing for what is missing") {
  const Table table =
      table_of({"a", "b", "c"}, {{number("g", 0.1), word("cell", "lstm")},
                                 {},
                                 {number("g", -infinite), word("cell", "a \"b\", c")}});
  CHECK(csv(table, false) == "point,g,cell\na,0.1,lstm\nb,,\nc,-inf,\"a_\"\"b\"\",_c\"\n");
  CHECK(csv(table_of({}, {}), true) == "point\n");
}

TEST_CASE("trials.csv: arrays on request, an element a column, named by its place") {
  const Table table =
      table_of({"a", "b"}, {{number("g", 1), numbers("x[checkpoint, index]", {2, 2}, {1, 2, 3, 4})},
                            {number("g", 2), numbers("x[checkpoint, index]", {1, 2}, {5, 6})}});
  CHECK(csv(table, false) == "point,g\na,1\nb,2\n");
  CHECK(csv(table, true) ==
        "point,g,\"x[0, 0]\",\"x[0, 1]\",\"x[1, 0]\",\"x[1, 1]\"\na,1,1,2,3,4\nb,2,5,6,,\n");
  const Table empty = table_of({"a"}, {{numbers("x[index]", {0}, {}), number("g", 1)}});
  CHECK(csv(empty, true) == "point,g\na,1\n");
}
