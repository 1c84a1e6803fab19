// tests/framework/sweep/table_test.cpp - the table of networks out of their rows.
#include "sweep/table.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "made_row.hpp"

using namespace lyap::framework;

namespace {

using Doubles = std::vector<double>;
using Shape = std::vector<std::int64_t>;
using Words = std::vector<std::string>;

/// NaN equals NaN.
void check_values(const MeasuredArray* column, const Shape& shape, const Doubles& values) {
  REQUIRE(column);
  CHECK(column->shape == shape);
  REQUIRE(column->values.size() == values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    CAPTURE(i);
    if (std::isnan(values[i]))
      CHECK(std::isnan(column->values[i]));
    else
      CHECK(column->values[i] == values[i]);
  }
}

}  // namespace

TEST_CASE("table: networks in order, shorter spectra padded, what a network lacks missing") {
  const Table table =
      table_of({"a", "b", "c"},
               {{number("loss", 1), numbers("le[index] nats/step", {3}, {1, -2, -infinite})},
                {},
                {numbers("le[index] nats/step", {2}, {5, 6}), number("late", 7)}});
  CHECK(table.ids == Words{"a", "b", "c"});
  REQUIRE(table.columns.size() == 3);
  check_values(table.column("loss"), {3}, {1, missing, missing});
  check_values(table.column("le"), {3, 3},
               {1, -2, -infinite, missing, missing, missing, 5, 6, missing});
  check_values(table.column("late"), {3}, {missing, missing, 7});
  CHECK(table.column("le")->quantity.text() == "le[network, index] nats/step");
  CHECK(table.column("el") == nullptr);
}

TEST_CASE("table: words are codes in the order in which they occur, with their meanings") {
  const Table table = table_of({"a", "b", "c", "d", "e"}, {{word("cell", "lstm")},
                                                           {word("cell", "gru")},
                                                           {number("cell", missing)},
                                                           {},
                                                           {word("cell", "lstm")}});
  const MeasuredArray* cell = table.column("cell");
  check_values(cell, {5}, {0, 1, missing, missing, 0});
  CHECK(*cell->note("flag_meanings") == "lstm gru");
  CHECK(cell->words() == Words{"lstm", "gru"});
  CHECK(cell->quantity.text() == "cell[network]");
}

TEST_CASE("table: numbers among words are words, and every word is one word") {
  const Table table = table_of({"a", "b", "c", "d", "e"}, {{number("clip", 5)},
                                                           {word("clip", "no clip")},
                                                           {number("clip", 0.1)},
                                                           {word("clip", "")},
                                                           {word("clip", "uniform(-1, 1)")}});
  check_values(table.column("clip"), {5}, {0, 1, 2, 3, 4});
  CHECK(table.column("clip")->words() == Words{"5", "no_clip", "0.1", "_", "uniform(-1,_1)"});
}

TEST_CASE("table: a network that diverged before it was measured is missing, wherever it stands") {
  const MeasuredArray nothing = numbers("le[checkpoint]", {2}, {missing, missing}, "0 5"),
                      whole =
                          numbers("le[checkpoint, index] nats/step", {2, 2}, {1, 2, 3, 4}, "0 5");
  for (const bool first : {false, true}) {
    const Table table = first ? table_of({"a", "b"}, {{nothing}, {whole}})
                              : table_of({"a", "b"}, {{whole}, {nothing}});
    const MeasuredArray* le = table.column("le");
    CHECK(le->quantity.text() == "le[network, checkpoint, index] nats/step");
    CHECK(*le->note("epochs") == "0 5");
    if (first)
      check_values(le, {2, 2, 2}, {missing, missing, missing, missing, 1, 2, 3, 4});
    else
      check_values(le, {2, 2, 2}, {1, 2, 3, 4, missing, missing, missing, missing});
  }
  check_values(table_of({"a"}, {{nothing}}).column("le"), {1, 2}, {missing, missing});
}

TEST_CASE("table: epochs in the order asked for, and each network's at their own places") {
  const Table listed = table_of({"a", "b"}, {{numbers("x[checkpoint]", {2}, {1, 2}, "5 0")},
                                             {numbers("x[checkpoint]", {2}, {3, 4}, "5 0")}});
  check_values(listed.column("x"), {2, 2}, {1, 2, 3, 4});
  CHECK(*listed.column("x")->note("epochs") == "5 0");

  const Table early =
      table_of({"a", "b", "c"}, {{numbers("x[checkpoint]", {1}, {1}, "0")},
                                 {numbers("x[checkpoint]", {3}, {2, 3, 4}, "0 1 2")},
                                 {numbers("x[checkpoint]", {0}, {})}});
  check_values(early.column("x"), {3, 3},
               {1, missing, missing, 2, 3, 4, missing, missing, missing});
  CHECK(*early.column("x")->note("epochs") == "0 1 2");

  const Table different =
      table_of({"a", "b"}, {{numbers("x[checkpoint, index]", {2, 2}, {1, 2, 3, 4}, "0 10")},
                            {numbers("x[checkpoint, index]", {2, 1}, {5, 6}, "0 3")}});
  check_values(different.column("x"), {2, 3, 2},
               {1, 2, missing, missing, 3, 4, 5, missing, 6, missing, missing, missing});
  CHECK(*different.column("x")->note("epochs") == "0 3 10");
}

TEST_CASE("table: without networks, and without columns") {
  CHECK(table_of({}, {}).columns.empty());
  CHECK(table_of({"a"}, {{}}).columns.empty());
}
