// tests/plugins/alignment/alignment_test.cpp - the whole analysis on small networks.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "small_pipeline.hpp"

using namespace alignment_test;

namespace {

const std::vector<double>& values(const Measurement& m, const std::string& port) {
  REQUIRE(m.find(port));
  return m.find(port)->values;
}
double sum(const std::vector<double>& x) {
  return std::accumulate(x.begin(), x.end(), 0.0);
}

}  // namespace

TEST_CASE(
    "before training nothing is aligned: an orthogonal network's deviations are those of "
    "random vectors") {
  const Measurement m =
      measure("{use: rnn, with: {units: 64}, init: {weight_hh: orthogonal}}", "images: 4");
  const double baseline = 1 / std::sqrt(64.0);
  // 100 runs, but the 5 leading directions of the gradient hardly move with them: measured 0.11 to
  // 0.14 in single groups, 0.125 expected.
  for (const double deviation : values(m, "deviation"))
    CHECK(deviation == doctest::Approx(baseline).epsilon(0.3));
  // Q is orthogonal and e has length 1, so that over all of Q the mean square is 1/64 to rounding.
  const std::vector<double>& spread = values(m, "spread");
  const auto& shape = m.find("spread")->shape;
  CHECK(shape == std::vector<std::int64_t>{8, 2, 7, 64});
  for (std::size_t curve = 0; curve < 8 * 2 * 7; ++curve) {
    double squares = 0;
    for (std::size_t i = 0; i < 64; ++i) squares += std::pow(spread[64 * curve + i], 2);
    CHECK(squares / 64 < 1.0 / 64 + 1e-12);  // less what the means take away
    CHECK(squares / 64 > 0.9 / 64);
  }
  CHECK(note(m, "baseline") == "random unit vectors give 1/sqrt(64) = 0.125");
}

TEST_CASE("numbers do not depend on the number of workers") {
  const std::string cell = "{use: gru, with: {units: 8}}", options = "images: 2, starts: 4";
  const Measurement one = measure(cell, options, 1);
  for (const int workers : {2, 3}) {
    const Measurement other = measure(cell, options, workers);
    REQUIRE(other.arrays.size() == one.arrays.size());
    for (std::size_t a = 0; a < one.arrays.size(); ++a) {
      CAPTURE(one.arrays[a].port);
      CHECK(one.arrays[a].values == other.arrays[a].values);
    }
  }
}

TEST_CASE("images are pooled and share their starts: what two give is what each of them gives") {
  const std::string cell = "{use: rnn, with: {units: 12}}";
  const Measurement both = measure(cell, "images: 2, starts: 3"),
                    first = measure(cell, "images: 1, starts: 3"),
                    second = measure(cell, "images: 1, first: 1, starts: 3");
  const auto &together = values(both, "histogram"), &one = values(first, "histogram"),
             &two = values(second, "histogram");
  CHECK(one != two);
  for (std::size_t i = 0; i < together.size(); ++i) CHECK(together[i] == one[i] + two[i]);
  // 8 combinations, 3 groups of 4, 5 singular vectors, 7 steps, 6 runs.
  CHECK(sum(together) == 8 * 3 * 4 * 5 * 7 * 6);
}

TEST_CASE("fewer starts are the first of more") {
  const std::string cell = "{use: rnn, with: {units: 12}}";
  const auto three = values(measure(cell, "starts: 3"), "histogram"),
             four = values(measure(cell, "starts: 4"), "histogram");
  for (std::size_t i = 0; i < three.size(); ++i) CHECK(three[i] <= four[i]);
}

TEST_CASE("the final gradient is the per_step gradient of the last step") {
  // In a sequence of one step both are the same.
  const Measurement m = Case("{use: rnn, with: {units: 12}}", "starts: 5",
                             "{use: digits, with: {order: rows, pool: 28, train: 4, test: 4}}")
                            .measure();
  const std::vector<double>& deviation = values(m, "deviation");
  for (std::size_t c = 0; c < 8; c += 2)
    for (std::size_t g = 0; g < 3; ++g) CHECK(deviation[3 * c + g] == deviation[3 * (c + 1) + g]);
}

TEST_CASE("every cell is measured, in either layer and scope") {
  for (const std::string cell : {"rnn", "lstm", "gru", "asrnn", "cornn", "lem", "lipschitz",
                                 "noisy", "ornn", "nnrnn", "rank1"}) {
    CAPTURE(cell);
    for (const int layer : {1, 2}) {
      const Measurement m =
          measure("{use: " + cell + ", with: {units: 6}, layers: 2}",
                  "starts: 2, q0: random_orthonormal, layer: " + std::to_string(layer) +
                      (layer == 2 ? ", state: hidden" : ", state: full"));
      for (const double deviation : values(m, "deviation")) {
        CHECK(deviation > 0.01);
        CHECK(deviation < 1);
      }
      CHECK(note(m, "layer") == std::to_string(layer) + " of 2");
      CHECK(note(m, "null") ==
            "singular values up to 6 epsilon times the largest: a random "
            "orthonormal basis for every sequence, start and step");
    }
  }
}

TEST_CASE("from the identity, transposed Jacobians never leave the first layer of a stack") {
  const Measurement m =
      measure("{use: rnn, with: {units: 9}, layers: 2}", "starts: 2, group: 6, singular: 2");
  const std::vector<double>& all = values(m, "deviation");
  // J is lower triangular in blocks, so the first half of the transposed Q spans layer 1, whose
  // rows the last group, of layer 2, does not touch.
  for (const std::size_t c : {4, 5, 6, 7}) CHECK(all[3 * c + 1] < 1e-15);
  for (const std::size_t c : {0, 1, 2, 3}) CHECK(all[3 * c + 1] > 0.05);
}

TEST_CASE("gates are measured apart and pooled") {
  const Measurement m = measure("{use: lstm, with: {units: 8}}", "starts: 3");
  const std::vector<double>&gates = values(m, "gate_deviation"), &all = values(m, "deviation");
  CHECK(m.find("gate_deviation")->shape == std::vector<std::int64_t>{4, 8, 3});
  CHECK(note(m, "gates") == "4");
  CHECK(note(m, "state") == "full, 16 directions");
  for (std::size_t i = 0; i < 24; ++i) {
    double squares = 0;
    for (std::size_t gate = 0; gate < 4; ++gate) squares += std::pow(gates[24 * gate + i], 2) / 4;
    CHECK(all[i] >= std::sqrt(squares) - 1e-12);  // and a little more, where the means differ
    CHECK(all[i] == doctest::Approx(std::sqrt(squares)).epsilon(0.1));
  }
}

TEST_CASE("null vectors are those past the rank: all of the last, of the first those past step t") {
  const Measurement m = measure("{use: rnn, with: {units: 24}}", "starts: 3");
  CHECK(values(m, "null_share") ==
        std::vector<double>{0.8, 0.6, 0.4, 0.2, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1});
  CHECK(note(m, "mean", "null_share") == "0.285714 of the first, 1 of the last singular vectors");
  const std::vector<double>& singular = values(m, "singular_value");
  CHECK(m.find("singular_value")->shape == std::vector<std::int64_t>{7, 10});
  for (std::size_t t = 0; t < 7; ++t) {
    CHECK(singular[10 * t] > 0);
    for (std::size_t i = 1; i < 10; ++i) CHECK(singular[10 * t + i] <= singular[10 * t + i - 1]);
    for (std::size_t i = t + 1; i < 10; ++i) CHECK(singular[10 * t + i] < 1e-14);
  }
}

TEST_CASE("the headline is the combination that the options name") {
  const std::string cell = "{use: rnn, with: {units: 12}}";
  const Measurement m =
      measure(cell, "starts: 2, orientation: transposed, side: right, gradient: final");
  const std::vector<double>& all = values(m, "deviation");
  CHECK(values(m, "headline") == std::vector<double>(all.begin() + 21, all.end()));
  CHECK(note(m, "headline") == "transposed right final");
  const std::vector<double> usual = values(measure(cell, "starts: 2"), "headline");
  CHECK(usual == std::vector<double>(all.begin(), all.begin() + 3));
}

TEST_CASE("what was done is said") {
  const Measurement m = measure("{use: rnn, with: {units: 12}}",
                                "images: 2, first: 3, starts: 4, published: [0.2, 0.051, 0.067]");
  CHECK(note(m, "combination") ==
        "4*orientation + 2*side + gradient: 0 forward left per_step, 1 forward left final, 2 "
        "forward right per_step, 3 forward right final, 4 transposed left per_step, 5 transposed "
        "left final, 6 transposed right per_step, 7 transposed right final");
  CHECK(note(m, "weight") == "cell.weight_hh_l0 (auto)");
  CHECK(note(m, "images") == "2 from number 3");
  CHECK(note(m, "starts") == "4");
  CHECK(note(m, "start") == "normal, the whole state, standard deviation 1");
  CHECK(note(m, "split") == "test");
  CHECK(note(m, "steps") == "7");
  CHECK(note(m, "loss") == "cross entropy of one step, nats, the sequence's target at every step");
  CHECK(note(m, "q0") == "identity");
  CHECK(note(m, "jacobian") == "analytic");
  CHECK(note(m, "dtype") == "float64");
  CHECK(note(m, "group_clipped") == "10 were asked for of 12 directions");
  CHECK(note(m, "group_first", "deviation") == "0 1 2 3");
  CHECK(note(m, "group_last", "deviation") == "8 9 10 11");
  CHECK(note(m, "group_random", "deviation") == "4 5 6 7");
  const std::string table = note(m, "table", "deviation");
  CHECK(std::count(table.begin(), table.end(), '\n') == 11);
  CHECK(table.find("published                           0.200      0.051      0.067\n") !=
        table.npos);
  CHECK(table.find("closest to it: ") != table.npos);
  const Measurement state =
      measure("{use: nnrnn, with: {units: 6}}", "starts: 2, null_basis: solver");
  CHECK(note(state, "weight") ==
        "state: a linear feedback U h, U = 0, added to the hidden part after every step (auto: the "
        "layer has no plain hidden-to-hidden matrix)");
  CHECK(note(state, "null") == "as the solver left it");
}

TEST_CASE("starts may be the cell's own or zero") {
  const Measurement zero = measure("{use: rnn, with: {units: 12}}", "start: zero, starts: 1"),
                    own = measure("{use: rnn, with: {units: 12}}", "start: cell, starts: 1");
  CHECK(values(zero, "deviation") == values(own, "deviation"));
  const Measurement drawn = measure("{use: rank1, with: {units: 12}}", "start: cell, starts: 3");
  CHECK(note(drawn, "start") == "the cell's own");
}

TEST_CASE("a tiny state is measured as far as it goes") {
  for (const int units : {1, 2, 3}) {
    CAPTURE(units);
    const Measurement m =
        measure(fmt::format("{{use: rnn, with: {{units: {}}}}}", units), "starts: 2");
    const std::vector<double>& deviation = values(m, "deviation");
    CHECK(std::isfinite(deviation[0]));
    CHECK(std::isnan(deviation[2]) == (units < 3));
  }
}
