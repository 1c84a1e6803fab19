// tests/framework/pipeline/sweep_test.cpp - the points of a sweep.
#include "pipeline/sweep.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <set>

#include "swept.hpp"

using namespace lyap::framework;

namespace {

using Words = std::vector<std::string>;

Words values(const std::string& form) {
  return values_of(swept("g: " + form + "\n"), "g");
}

/// What a variable is at each combination of the axes' values.
std::map<Words, std::string> by_axes(const Sweep& sweep, const Words& axes,
                                     const std::string& name) {
  std::map<Words, std::string> table;
  for (std::int64_t i = 0; i < sweep.size(); ++i) {
    const Point point = sweep.point(i);
    Words key;
    for (const std::string& axis : axes) key.push_back(*point.value(axis));
    table[key] = name == "seed" ? std::to_string(sweep.seed(point)) : *point.value(name);
  }
  return table;
}

/// Whether all that is in `small` is in `large`.
bool holds(const std::map<Words, std::string>& large, const std::map<Words, std::string>& small) {
  return std::all_of(small.begin(), small.end(), [&](const auto& entry) {
    const auto found = large.find(entry.first);
    return found != large.end() && found->second == entry.second;
  });
}

}  // namespace

TEST_CASE("each form gives its values, without the noise of arithmetic") {
  CHECK(values("[lstm, gru]") == Words{"lstm", "gru"});
  CHECK(values("[1, 08, 1e-4, '2', no]") == Words{"1", "08", "1e-4", "2", "no"});
  CHECK(values("lstm") == Words{"lstm"});
  CHECK(values("0.30") == Words{"0.30"});
  CHECK(values("{from: 1.1, to: 2.0, count: 10}") ==
        Words{"1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8", "1.9", "2"});
  CHECK(values("{from: 1, to: 0, count: 3}") == Words{"1", "0.5", "0"});
  CHECK(values("{from: 5, to: 7, count: 1}") == Words{"5"});
  CHECK(values("{from: 0.1, to: 1.0, step: 0.3}") == Words{"0.1", "0.4", "0.7", "1"});
  CHECK(values("{from: 0, to: 1, step: 0.3}") == Words{"0", "0.3", "0.6", "0.9"});
  CHECK(values("{from: 3, to: 1, step: -1}") == Words{"3", "2", "1"});
  CHECK(values("{from: 0, to: 0.9, step: 0.1}").size() == 10);
  CHECK(values("{from: 1e-4, to: 0.1, count: 4, spacing: log}") ==
        Words{"1e-4", "0.001", "0.01", "0.1"});
  CHECK(values("{from: 16, to: 512, count: 6, spacing: log}") ==
        Words{"16", "32", "64", "128", "256", "512"});
  CHECK(values("{from: 100000, to: 300000, count: 3}") == Words{"100000", "200000", "300000"});
  CHECK(values("{count: 3}") == Words{"0", "1", "2"});
}

TEST_CASE("every step that divides a range reaches its end") {
  for (int count = 2; count <= 1000; ++count) {
    const double step = 0.1 * count;
    const Sweep sweep = swept("g: {from: 0.7, to: " + std::to_string(0.7 + step * (count - 1)) +
                              ", step: " + std::to_string(step) + "}\n");
    CHECK(sweep.size() == count);
  }
}

TEST_CASE("the points are the product of the axes, the last one fastest") {
  const Sweep sweep = swept(
      "cell: [lstm, gru]\nname: $cell\ng: {from: 1, to: 2, count: 2}\np: {integer: [3, 4]}\n"
      "draw: {count: 3}\n");
  CHECK(sweep.size() == 12);
  CHECK(sweep.names() == Words{"cell", "name", "g", "p", "draw"});
  CHECK(values_of(sweep, "draw") ==
        Words{"0", "1", "2", "0", "1", "2", "0", "1", "2", "0", "1", "2"});
  CHECK(values_of(sweep, "g") == Words{"1", "1", "1", "2", "2", "2", "1", "1", "1", "2", "2", "2"});
  CHECK(sweep.point(5).index == 5);
  CHECK(*sweep.point(5).value("cell") == "lstm");
  CHECK(*sweep.point(6).value("cell") == "gru");
  CHECK(*sweep.point(6).value("name") == "gru");
  CHECK(sweep.point(6).value("nothing") == nullptr);
  CHECK(swept("g: [1.4, 2]\ndraw: {count: 4}\n").point(3).text() == "g = 1.4, draw = 3");
}

TEST_CASE("without variables there is one network, with the seed of the pipeline") {
  for (const char* nothing : {"~", "{}"}) {
    const Sweep sweep = swept(nothing, "order: random", 7);
    CHECK(sweep.size() == 1);
    CHECK(sweep.names().empty());
    CHECK(sweep.point(0).text() == "the only network");
    CHECK(sweep.order() == std::vector<std::int64_t>{0});
    CHECK(sweep.seed(sweep.point(0)) == 7);
  }
}

TEST_CASE("an expression is calculated at every point, whatever stands above it") {
  const Sweep sweep = swept(
      "std: $p / sqrt($units)\np: {uniform: [0, 1], digits: 2}\nunits: [64, 256]\nsame: ${kind}\n"
      "kind: $word\nword: [a, b]\ntwice: 2 * $units\nlong: max($twice, 300)\n");
  for (std::int64_t i = 0; i < sweep.size(); ++i) {
    const Point point = sweep.point(i);
    const double units = std::stod(*point.value("units"));
    CHECK(std::stod(*point.value("std")) == std::stod(*point.value("p")) / std::sqrt(units));
    CHECK(*point.value("twice") == (units == 64 ? "128" : "512"));
    CHECK(*point.value("long") == (units == 64 ? "300" : "512"));
    CHECK(*point.value("same") == *point.value("word"));
  }
}

TEST_CASE("a draw and a seed stay when axes get more values, and when the file is reordered") {
  const Words axes = {"g", "draw", "cell"};
  const std::string p = "p: {uniform: [0, 1]}\nn: {normal: [0, 1]}\n";
  const Sweep small =
      swept("g: {from: 1.1, to: 2.0, count: 4}\ncell: [lstm]\ndraw: {count: 3}\n" + p);
  const Sweep large =
      swept("q: {uniform: [0, 1]}\n" + p +
            "draw: {count: 5}\ncell: [gru, lstm]\ng: {from: 1.1, to: 2.0, count: 10}\n");
  for (const char* name : {"p", "n", "seed"}) {
    CAPTURE(name);
    CHECK(holds(by_axes(large, axes, name), by_axes(small, axes, name)));
    CHECK_FALSE(by_axes(small, axes, name).size() == by_axes(large, axes, name).size());
  }
}

TEST_CASE("draws and seeds differ from point to point and from seed to seed") {
  const std::string text = "g: [1, 2]\ndraw: {count: 500}\nx: {uniform: [0, 1]}\n";
  const Sweep sweep = swept(text), other = swept(text, "~", 2);
  std::set<std::string> x;
  std::set<std::uint64_t> seeds;
  for (std::int64_t i = 0; i < sweep.size(); ++i) {
    x.insert(*sweep.point(i).value("x"));
    x.insert(*other.point(i).value("x"));
    seeds.insert(sweep.seed(sweep.point(i)));
    seeds.insert(other.seed(other.point(i)));
    CHECK(sweep.seed(sweep.point(i)) < std::uint64_t{1} << 53);
  }
  CHECK(x.size() == 2000);
  CHECK(seeds.size() == 2000);
}

TEST_CASE("shared seeds are the same at all points but for the counts") {
  const Sweep sweep =
      swept("g: [1, 2, 3]\ndraw: {count: 2}\np: {uniform: [0, 1]}\n", "seeds: shared", 5);
  const auto seed = [&](std::int64_t i) { return sweep.seed(sweep.point(i)); };
  CHECK(seed(0) == seed(2));
  CHECK(seed(0) == seed(4));
  CHECK(seed(1) == seed(3));
  CHECK(seed(0) != seed(1));
  const Sweep no_count = swept("g: [1, 2, 3]\n", "seeds: shared", 5);
  CHECK(no_count.seed(no_count.point(2)) == 5);
}

TEST_CASE("the points are carried out as they are listed, or in one random order of each seed") {
  const std::string text = "g: [1, 2]\ndraw: {count: 500}\n";
  const std::vector<std::int64_t> listed = swept(text).order();
  CHECK(std::is_sorted(listed.begin(), listed.end()));
  std::vector<std::int64_t> random = swept(text, "order: random", 1).order();
  CHECK(random == swept(text, "order: random", 1).order());
  CHECK(random != swept(text, "order: random", 2).order());
  CHECK_FALSE(std::is_sorted(random.begin(), random.end()));
  std::sort(random.begin(), random.end());
  CHECK(random == listed);
}

TEST_CASE("ten thousand networks are laid out in under a second") {
  const Node tree = yaml(
      "trials:\n  task: {use: t, with: {a: $g, b: $lr, c: $n}}\n  cell: {use: $cell, init: {w: "
      "\"normal($std)\"}}\n");
  const Sweep sweep = swept(
      "cell: [lstm, gru]\ng: {from: 1.1, to: 2.0, count: 10}\nnetwork: {count: 500}\n"
      "lr: {log_uniform: [1e-4, 0.1]}\nn: {integer: [3, 9]}\nstd: $g / sqrt(64)\n");
  const auto start = std::chrono::steady_clock::now();
  Mistakes mistakes;
  for (std::int64_t i = 0; i < sweep.size(); ++i) {
    Node network = tree;
    substitute(network, sweep.point(i), mistakes);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  CHECK(sweep.size() == 10'000);
  CHECK(mistakes.empty());
  // 0.05 s on one core of a desk machine; sanitizers take ten times as long.
  WARN(took.count() < 1);
  CHECK(took.count() < 10);
}
