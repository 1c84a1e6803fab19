// tests/framework/sweep/points_test.cpp - points of a sweep: their ids, seeds and pipelines.
#include "sweep/points.hpp"

#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "small_sweep.hpp"

using namespace lyap::framework;

namespace {

/// Id and seed of every network, by what its variables are.
std::map<std::string, std::pair<std::string, std::uint64_t>> by_values(const std::string& text) {
  std::map<std::string, std::pair<std::string, std::uint64_t>> found;
  const PlannedSweep sweep = resolved_sweep(text);
  for (const PlannedPoint& p : sweep.points()) {
    CHECK(p.id.size() == 12);
    CHECK(p.id.find_first_not_of("0123456789abcdef") == std::string::npos);
    std::map<std::string, std::string> values(p.point.values.begin(), p.point.values.end());
    std::string key;
    for (const auto& [name, value] : values) key += name + "=" + value + " ";
    found[key] = {p.id, p.seed};
  }
  CHECK(std::ssize(found) == sweep.size());
  return found;
}

std::set<std::string> ids(const std::string& text) {
  std::set<std::string> found;
  for (const auto& [values, id] : by_values(text)) found.insert(id.first);
  return found;
}

/// The places and sentences of what is refused.
template <class Act>
std::string refusal_of(const Act& act) {
  try {
    act();
  } catch (const MistakesError& error) {
    return lines(error.mistakes());
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

const std::string two_by_two = "cell: [rnn, gru], units: [3, 4]";

}  // namespace

TEST_CASE("points: ids are those of the configuration, however the file is laid out") {
  const std::string text = pipeline_text(two_by_two);
  const auto first = by_values(text);
  CHECK(first.size() == 4);
  CHECK(by_values(text) == first);
  CHECK(by_values(pipeline_text("units: [4, 3], cell: [gru, rnn]")) == first);
  CHECK(by_values("trials:\n"
                  "  cell:\n    with:\n      units: $units\n    layers: 1\n    use: ${cell}\n"
                  "  task:\n    with: {test: 6, train: 20}\n    use: digits\n"
                  "  sweep:\n    cell: [rnn, gru]\n    units: {from: 3, to: 4, step: 1}\n"
                  "about: another name and a word\nname: other\nseed: 5\nlyap: 1\n") == first);
}

TEST_CASE("points: a default that is written out is the same network") {
  CHECK(ids(pipeline_text(two_by_two,
                          "  task: {use: digits, with: {train: 20, test: 6, order: rows}}\n"
                          "  cell: {use: $cell, with: {units: $units}}\n")) ==
        ids(pipeline_text(two_by_two)));
}

TEST_CASE("points: further values leave the points that were there as they are") {
  const auto few = by_values(pipeline_text(two_by_two)),
             many = by_values(pipeline_text("cell: [lstm, rnn, gru], units: [2, 3, 4, 5]"));
  CHECK(many.size() == 12);
  for (const auto& [values, id] : few) CHECK(many.at(values) == id);
  const auto counted = [](int count) {
    return ids(
        pipeline_text("cell: [rnn], units: [3], network: {count: " + std::to_string(count) + "}"));
  };
  const auto three = counted(3), nine = counted(9);
  for (const std::string& id : three) CHECK(nine.count(id));
}

TEST_CASE("points: what changes a network changes its id") {
  const auto first = ids(pipeline_text(two_by_two));
  const auto none_of = [&](const std::string& text) {
    for (const std::string& id : ids(text)) CHECK_FALSE(first.count(id));
  };
  none_of(pipeline_text(two_by_two,
                        "  task: {use: digits, with: {train: 21, test: 6}}\n"
                        "  cell: {use: $cell, with: {units: $units}}\n"));
  none_of(pipeline_text(two_by_two,
                        "  task: {use: digits, with: {train: 20, test: 6}}\n"
                        "  cell: {use: $cell, with: {units: $units}, layers: 2}\n"));
  const std::string trials =
      "  task: {use: digits, with: {train: 20, test: 6}}\n"
      "  cell: {use: $cell, with: {units: $units}}\n";
  none_of(pipeline_text(two_by_two, trials, "seed: 6\n"));
  none_of(pipeline_text(two_by_two, trials, "seed: 5\nprecision: {train: float64}\n"));
  none_of(pipeline_text(two_by_two, trials + "  measure: [{use: spectrum, as: le}]\n"));
}

TEST_CASE("points: studies and report are not part of a network") {
  const std::string trials =
      "  task: {use: digits, with: {train: 20, test: 6}}\n"
      "  cell: {use: $cell, with: {units: $units}}\n"
      "  record: {cell: $cell}\n";
  CHECK(ids(pipeline_text(two_by_two, trials)) ==
        ids(pipeline_text(two_by_two, trials + "study: [{use: split, from: {rows: trials}}]\n"
                                               "report: [table: split.part]\n")));
}

TEST_CASE("points: a pipeline without a sweep is a sweep of one, with the file's own seed") {
  const std::string text =
      "lyap: 1\nseed: 7\ntrials:\n  task: {use: digits, with: {train: 20, test: 6}}\n  cell: rnn\n";
  const PlannedSweep sweep = resolved_sweep(text);
  REQUIRE(sweep.points().size() == 1);
  CHECK(sweep.points()[0].seed == 7);
  CHECK(sweep.seed() == 7);
  CHECK(sweep.asked().name == "p");
}

TEST_CASE("points: two that are the same network are refused, with the way to draw several") {
  const std::string trials =
      "  sampling: {seeds: shared}\n"
      "  task: {use: digits, with: {train: 20, test: 6}}\n"
      "  cell: {use: rnn, with: {units: 3}}\n"
      "  train: {use: bptt, with: {learning_rate: $rate}}\n";
  CHECK(refusal_of([&] { resolved_sweep(pipeline_text("rate: [0.01, 0.1, 1e-2]", trials)); }) ==
        "p.yaml: points 0 and 2 of the sweep are the same network (rate = 1e-2); take one out, or "
        "add a variable such as 'network: {count: 2}' to draw several");
}

TEST_CASE("points: a mistake of the first point is a mistake of the file") {
  CHECK(refusal_of([] { resolved_sweep(pipeline_text("cell: [rnn, gru], units: [0, 4]")); }) ==
        "p.yaml:7:36: 'units' must be between 1 and 8192, got 0\n");
}

TEST_CASE("points: a mistake of another point is told with the point") {
  CHECK(refusal_of([] { resolved_sweep(pipeline_text("cell: [rnn, gru], units: [4, 0]")); }) ==
        "p.yaml:7:36: 'units' must be between 1 and 8192, got 0 (at cell = rnn, units = 0)\n");
  CHECK(refusal_of([] {
          resolved_sweep(pipeline_text("cell: [rnn, grru], units: [4]"));
        }).find("there is no cell 'grru'; did you mean 'gru'?") != std::string::npos);
}

TEST_CASE("points: mistakes of the variables and of all that follows are told at once") {
  CHECK(
      refusal_of([] { resolved_sweep(pipeline_text("cell: [grru], units: [3], g: [1, 2]")); }) ==
      "p.yaml:5:37: 'g' changes no network; write $g under 'trials' where its value belongs, or "
      "take it out of 'sweep'\n"
      "p.yaml:7:15: there is no cell 'grru'; did you mean 'gru'? The cells here are asrnn, cornn, "
      "gru, lem, lipschitz, lstm, nnrnn, noisy, ornn, rank1, rnn\n");
  CHECK(refusal_of([] { planned(pipeline_text("cell: [rnn]")).take_points({}); }) ==
        "p.yaml:7:36: 'sweep' has no variable 'units'; it has cell\n");
}

TEST_CASE("points: the pipeline of one network asks for that network alone") {
  const std::string text = pipeline_text(
      two_by_two,
      "  sampling: {order: random}\n"
      "  task: {use: digits, with: {train: 20, test: 6}}\n"
      "  cell: {use: $cell, with: {units: $units}, init: {weight_hh: 'uniform(-0.1, 0.1)'}}\n"
      "  train: {use: bptt, with: {epochs: 1}}\n"
      "  record: {cell: $cell, loss: train.validation_loss}\n",
      "seed: 5\nabout: >\n  two\n  lines\npresets: {desk: {seed: 9}}\n"
      "study: [{use: split, from: {rows: trials}}]\n");
  const PlannedSweep sweep = resolved_sweep(text);
  CHECK(sweep.pipeline_text(3) ==
        "lyap: 1\nname: small\ntrials:\n  task:\n    use: digits\n    "
        "with:\n "
        "     train: 20\n      test: 6\n  cell:\n    use: gru\n    with:\n      units: 4\n    "
        "init:\n  "
        "    weight_hh: \"uniform(-0.1, 0.1)\"\n  train:\n    use: bptt\n    with:\n      epochs: "
        "1\n "
        " record:\n    loss: train.validation_loss\nseed: " +
            std::to_string(sweep.points()[3].seed) + "\n");
  // Read as a file of its own it is that network: the same plan but for the column of the variable.
  for (std::int64_t i = 0; i < sweep.size(); ++i) {
    const PlannedSweep alone = resolved_sweep(sweep.pipeline_text(i));
    const Plan plan = sweep.plan(i, catalog()), again = alone.plan(0, catalog());
    CHECK(again.asked.seed == plan.asked.seed);
    CHECK(again.cell.plugin == plan.cell.plugin);
    CHECK(again.cell.values.json() == plan.cell.values.json());
    CHECK(again.asked.trials.cell.init[0].value.text == plan.asked.trials.cell.init[0].value.text);
  }
}

TEST_CASE("points: seeds follow the axes, unless the seed names a variable itself") {
  std::set<std::uint64_t> seeds;
  for (const auto& [values, id] : by_values(pipeline_text(two_by_two))) seeds.insert(id.second);
  CHECK(seeds.size() == 4);
  const std::string trials =
      "  task: {use: digits, with: {train: 20, test: 6}}\n"
      "  cell: {use: rnn, with: {units: 3}}\n";
  const PlannedSweep named = resolved_sweep(pipeline_text("s: [4, 9]", trials, "seed: $s\n"));
  CHECK(named.points()[0].seed == 4);
  CHECK(named.points()[1].seed == 9);
}
