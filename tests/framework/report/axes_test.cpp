// tests/framework/report/axes_test.cpp - arrays cut along their axes, and what a chart refers to.
#include "report/axes.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "report/chart_request.hpp"
#include "report/measure_charts.hpp"
#include "report/named_values.hpp"

using namespace lyap::framework;

namespace {

MeasuredArray array(const std::string& quantity, std::vector<std::int64_t> shape,
                    std::vector<double> values) {
  MeasuredArray made;
  made.quantity = Quantity::parse(quantity);
  made.port = made.quantity.name;
  made.shape = std::move(shape);
  made.values = std::move(values);
  return made;
}

MeasuredArray words(const std::string& axis, const std::string& meanings, std::int64_t count) {
  MeasuredArray made = array(axis + "[" + axis + "]", {count}, {});
  for (std::int64_t i = 0; i < count; ++i) made.values.push_back(static_cast<double>(i));
  made.notes = {{"flag_meanings", meanings}};
  return made;
}

Found four_networks() {
  Found found;
  found.table.ids = {"a", "b", "c", "d"};
  found.table.columns = {array("loss[network]", {4}, {4, 3, 2, 1}),
                         array("cell[network]", {4}, {0, 0, 1, 1})};
  found.table.columns[1].notes = {{"flag_meanings", "lstm gru"}};
  ResultGroup study;
  study.name = "ae";
  study.arrays = {array("coordinate[seed, network, component]", {2, 4, 2},
                        {1, 10, 2, 20, 3, 30, 4, 40, 0, 0, 0, 0, 0, 0, 0, 0})};
  found.groups = {study};
  return found;
}

}  // namespace

TEST_CASE("a picked place leaves the other axes in order") {
  const MeasuredArray cube = array("x[a, b, c]", {2, 3, 2}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  CHECK(picked(cube, "b", 1).values == std::vector<double>{2, 3, 8, 9});
  CHECK(picked(cube, "b", 1).quantity.axes == std::vector<std::string>{"a", "c"});
  CHECK(picked(cube, "a", 1).values == std::vector<double>{6, 7, 8, 9, 10, 11});
  CHECK(picked(cube, "none", 1).values == cube.values);
}

TEST_CASE("averages are those of the finite numbers, with their standard error") {
  const double nan = std::nan("");
  const MeasuredArray two = array("x[sequence, index]", {4, 2}, {1, 1, 2, nan, 3, 3, 4, nan});
  const Averages over = averaged(two, {"sequence"});
  CHECK(over.mean.values == std::vector<double>{2.5, 2});
  CHECK(over.deviation.values[0] == doctest::Approx(std::sqrt(5.0 / 3)));
  CHECK(over.error.values[0] == doctest::Approx(std::sqrt(5.0 / 12)));
  CHECK(over.error.values[1] == doctest::Approx(1));
  CHECK(over.count == 4);
  CHECK(averaged(two, {}).mean.values[4] == 3);
}

TEST_CASE("places are called by words, by a note that lists them, or by numbers") {
  ResultGroup group;
  group.arrays = {array("score[rule, order, count]", {2, 3, 2}, std::vector<double>(12)),
                  words("rule", "mean max", 2), array("count[count] steps", {2}, {5, 20}),
                  array("checkpoint[checkpoint]", {2}, {-1, 3})};
  group.notes = {{"orders", "r, ftle, gradient; missing where not asked for"}};
  const MeasuredArray& score = group.arrays[0];
  CHECK(group.names(score, "rule") == std::vector<std::string>{"mean", "max"});
  CHECK(group.names(score, "order") == std::vector<std::string>{"r", "ftle", "gradient"});
  CHECK(group.names(score, "count") == std::vector<std::string>{"count 5", "count 20"});
  CHECK(group.names(array("x[checkpoint]", {2}, {0, 0}), "checkpoint") ==
        std::vector<std::string>{"given weights", "epoch 3"});
  CHECK(group.has_words(score, "order"));
  CHECK_FALSE(group.has_words(score, "count"));
}

TEST_CASE("a reference is a column, a result, and a place of its last axis") {
  const Found found = four_networks();
  const auto second = named_values(found, "ae.coordinate.2");
  REQUIRE(second);
  CHECK(second->array.values == std::vector<double>{10, 20, 30, 40});
  CHECK(second->title == "ae coordinate 2");
  CHECK(named_values(found, "trials.cell")->words == std::vector<std::string>{"lstm", "gru"});
  CHECK_FALSE(named_values(found, "ae.coordinate.3"));
  CHECK_FALSE(named_values(found, "ae.coordinates"));
  const auto cell = Alongside::make(found, *second, &found.groups[0], "trials.cell");
  REQUIRE(cell);
  CHECK(cell->word({2}) == "gru");
}

TEST_CASE("a scatter has a point a network, its colour, and the median as boundary") {
  const Found found = four_networks();
  Section section;
  ChartRequest request;
  request.kind = "scatter";
  request.x = "ae.coordinate.1";
  request.y = "ae.coordinate.2";
  request.colour = "trials.loss";
  request.split = "median";
  add_requested(found, request, section);
  REQUIRE(section.charts.size() == 1);
  const Json data = section.charts[0].data.json();
  CHECK(data["x"] == Json{1, 2, 3, 4});
  CHECK(data["colour"] == Json{4, 3, 2, 1});
  CHECK(data["network"] == Json{"a", "b", "c", "d"});
  CHECK(section.charts[0].view["layer"][1]["encoding"]["x"]["datum"] == 2.5);
}

TEST_CASE("what is asked for and not there is told, not left out silently") {
  Section section;
  ChartRequest request;
  request.kind = "histogram";
  request.x = "ae.latent.1";
  add_requested(four_networks(), request, section);
  CHECK(section.charts.empty());
  CHECK(
      section.paragraphs ==
      std::vector<std::string>{"A histogram of 'ae.latent.1' was asked for, which is not there."});
}

TEST_CASE("of many networks quantiles and a sample are drawn") {
  Found found;
  MeasuredArray spectra = array("spectrum[network, index] nats/step", {1600, 64}, {});
  for (int i = 0; i < 1600 * 64; ++i) spectra.values.push_back(-0.001 * (i % 6400));
  found.table.columns = {spectra};
  found.table.ids.resize(1600);
  Section section;
  ChartRequest request;
  request.kind = "lines";
  request.x = "index";
  request.y = "trials.spectrum";
  add_requested(found, request, section);
  REQUIRE(section.charts.size() == 2);
  CHECK(section.charts[0].title == "spectrum (nats/step), quantiles");
  CHECK(section.charts[0].data.rows() == 64);
  CHECK(section.charts[1].data.rows() == 80 * 64);
}

TEST_CASE("a spectrum has the band of the lower and upper ends beside it") {
  ResultGroup group;
  group.name = "le";
  group.arrays = {array("spectrum[checkpoint, index] nats/step", {1, 2}, {-1, -2}),
                  array("lower[checkpoint, index] nats/step", {1, 2}, {-1.5, -2.5}),
                  array("upper[checkpoint, index] nats/step", {1, 2}, {-0.5, -1.5}),
                  array("dead[checkpoint, index]", {1, 2}, {0, 0}),
                  array("checkpoint[checkpoint]", {1}, {3})};
  Section section;
  add_measure(group, section);
  REQUIRE(section.charts.size() == 1);
  const Json data = section.charts[0].data.json();
  CHECK(data["value"] == Json{-1, -2});
  CHECK(data["low"] == Json{-1.5, -2.5});
  CHECK(data["which"] == Json{"epoch 3", "epoch 3"});
}

TEST_CASE("a requested band reaches a deviation to either side of its line") {
  Found found = four_networks();
  found.table.columns.push_back(
      array("spectrum[network, index]", {4, 2}, {8, 7, 6, 5, 4, 3, 2, 1}));
  found.table.columns.push_back(array("deviation[network, index]", {4, 2}, std::vector(8, 0.5)));
  Section section;
  ChartRequest request;
  request.kind = "lines";
  request.x = "index";
  request.y = "trials.spectrum";
  request.band = "trials.deviation";
  add_requested(found, request, section);
  REQUIRE(section.charts.size() == 1);
  const Json data = section.charts[0].data.json();
  CHECK(data["low"][0] == 7.5);
  CHECK(data["high"][0] == 8.5);
  CHECK(section.charts[0].view["layer"][0]["mark"]["type"] == "area");
}

TEST_CASE("a note that says how many there are lists no words") {
  ResultGroup group;
  group.arrays = {array("sum[sequence]", {1}, {-13.2})};
  group.notes = {{"sequences", "1"}};
  CHECK_FALSE(group.has_words(group.arrays[0], "sequence"));
}

TEST_CASE("counts along two axes of words are a table, their mean over seeds") {
  ResultGroup group;
  group.name = "verdict";
  group.arrays = {words("rule", "mean max", 2), words("cell", "tp fn", 2),
                  array("confusion[seed, rule, cell]", {2, 2, 2}, {1, 2, 3, 4, 3, 2, 1, 4})};
  Section section;
  add_measure(group, section);
  REQUIRE(section.tables.size() == 1);
  CHECK(section.tables[0].columns == std::vector<std::string>{"rule", "tp", "fn"});
  CHECK(section.tables[0].rows ==
        std::vector<std::vector<std::string>>{{"mean", "2", "2"}, {"max", "2", "4"}});
}
