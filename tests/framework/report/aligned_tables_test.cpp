// tests/framework/report/aligned_tables_test.cpp - lines of aligned text as tables, and charts in
// words.
#include "report/aligned_tables.hpp"

#include <doctest/doctest.h>

#include "report/finding.hpp"

using namespace lyap::framework;

using Cells = std::vector<std::string>;

TEST_CASE("columns are apart where every line is blank, and an interval is one cell") {
  const auto tables = tables_in(
      "20 networks, 10 accurate\n"
      "rule     n  recall precision     F1  95 % interval   | published\n"
      "mean    20   0.600     0.600  0.600  [0.286, 0.818]  |     0.705\n"
      "aelle.1 20   0.700         -  0.700  [0.404, 0.882]  |",
      "verdict, all networks");
  REQUIRE(tables.size() == 1);
  CHECK(tables[0].title == "verdict, all networks");
  CHECK(tables[0].caption == "20 networks, 10 accurate");
  CHECK(tables[0].columns ==
        Cells{"rule", "n", "recall", "precision", "F1", "95 % interval", "published"});
  REQUIRE(tables[0].rows.size() == 2);
  CHECK(tables[0].rows[0] ==
        Cells{"mean", "20", "0.600", "0.600", "0.600", "[0.286, 0.818]", "0.705"});
  CHECK(tables[0].rows[1] == Cells{"aelle.1", "20", "0.700", "–", "0.700", "[0.404, 0.882]", ""});
  CHECK(tells_published(tables[0]));
}

TEST_CASE("a head of several words is one head, a value and its interval are one cell") {
  const auto tables = tables_in(
      "F1 in group  n  left out                 Pearson\n"
      "lstm         3         0  -0.198 [-0.458, 0.135]\n"
      "gru          3         1   0.147 [-0.423, 0.216]",
      "t");
  REQUIRE(tables.size() == 1);
  CHECK(tables[0].columns == Cells{"F1 in group", "n", "left out", "Pearson"});
  CHECK(tables[0].rows[0] == Cells{"lstm", "3", "0", "-0.198 [-0.458, 0.135]"});
  CHECK_FALSE(tells_published(tables[0]));
}

TEST_CASE("a head that spans columns is part of their names") {
  const auto tables = tables_in(
      "       spectrum, rms error            R^2\n"
      "seed  nats/step  train  test  train  test\n"
      "0          0.77   0.11  0.16   -1.0  -4.1",
      "t");
  REQUIRE(tables.size() == 1);
  CHECK(tables[0].columns == Cells{"seed", "spectrum, nats/step", "rms error, train",
                                   "rms error, test", "R^2, train", "R^2, test"});
}

TEST_CASE("the line above a further table names it, and lines after the last are its note") {
  const auto tables = tables_in(
      "of the test part\nepoch 0\na  b\n1  2\nepoch 1\na  b\n3  4\nright of the bar: published",
      "t");
  REQUIRE(tables.size() == 2);
  CHECK(tables[0].title == "t");
  CHECK(tables[0].caption == "of the test part; epoch 0");
  CHECK(tables[1].title == "t: epoch 1");
  CHECK(tables[1].caption == "right of the bar: published");
  CHECK(tables[1].rows == std::vector<Cells>{{"3", "4"}});
}

TEST_CASE("a column of published values that has none is left out") {
  const auto tables =
      tables_in("rule   n   F1  | published\nmean  20  0.6  |\nmax   20  0.5  |", "t");
  REQUIRE(tables.size() == 1);
  CHECK(tables[0].columns == Cells{"rule", "n", "F1"});
  CHECK_FALSE(tells_published(tables[0]));
}

TEST_CASE("what is no table is shown as it is") {
  const std::string text = "end of the input | what the network writes\nand so | it went";
  const auto tables = tables_in(text, "shown");
  REQUIRE(tables.size() == 1);
  CHECK(tables[0].lines == text);
}

TEST_CASE("a chart says where its lines begin and end, and how points lie along their colour") {
  ChartData lines;
  lines["index"].numbers = {1, 2, 1, 2};
  lines["value"].numbers = {-0.5, -3, -0.25, -2};
  lines["which"].texts = {"epoch 0", "epoch 0", "epoch 1", "epoch 1"};
  CHECK(finding_of(lines) == "epoch 0 from -0.5 to -3; epoch 1 from -0.25 to -2");
  ChartData points;
  points["x"].numbers = {1, 2, 3};
  points["y"].numbers = {0, 0, 0};
  points["colour"].numbers = {3, 2, 1};
  CHECK(finding_of(points) == "rank correlation of the horizontal axis with the colour -1.00");
  CHECK(finding_of(ChartData()).empty());
}
