// tests/plugins/ftle/fields_test.cpp - what is kept of every step: its equation, its pieces, its
// price, for every cell.
#include <Eigen/LU>
#include <cmath>

#include "../measured.hpp"
#include "ftle/rank_slope.hpp"

using namespace measured;

namespace {

const std::string noise = "{use: driven_noise, with: {inputs: 2, variance: 0.6}}";
constexpr const char* everything = "keep: [r_matrix, q, jacobian, states]";

Measurement ftle(const std::string& cell, const std::string& with,
                 std::int64_t memory_budget = std::int64_t{1} << 30) {
  return Case(noise, cell, use("ftle", with), memory_budget).measure().front();
}

/// Q_t R_t = J_t Q_{t-1} with orthonormal Q and R upper triangular, at every step.
void check_recursion(const Measurement& m, bool transposed, Index first_known) {
  const Field q(m, "q"), R(m, "r_matrix"), J(m, "jacobian"), r(m, "r");
  const Index n = q.shape()[2], k = q.shape()[3];
  REQUIRE(J.shape() == std::vector<std::int64_t>{q.shape()[0], q.shape()[1], n, n});
  for (Index b = 0; b < q.shape()[0]; ++b)
    for (Index t = first_known; t < q.shape()[1]; ++t) {
      const Matrix Q = q.at(b, t), before = t ? q.at(b, t - 1) : Matrix::Identity(n, k);
      CHECK(gap(Q.transpose() * Q, Matrix::Identity(k, k)) < 1e-14);
      CHECK(Matrix(R.at(b, t).triangularView<Eigen::StrictlyLower>()).isZero(0));
      CHECK(Vector(R.at(b, t).diagonal()) == Vector(r.sequence(b).col(t)));
      CHECK(R.at(b, t).diagonal().minCoeff() >= 0);
      const Matrix moving = transposed ? Matrix(J.at(b, t).transpose()) : J.at(b, t);
      const Matrix moved = moving * before;
      CHECK(gap(Q * R.at(b, t), moved) < 1e-14 * (1 + moved.cwiseAbs().maxCoeff()));
    }
}

}  // namespace

TEST_CASE("kept fields satisfy Q_t R_t = J_t Q_{t-1}, for every cell in one layer and in two") {
  for (const AnyCell& c : every_cell)
    for (const int layers : {1, 2})
      for (const int count : {1, 3})
        for (const std::string state : {"full", "hidden"}) {
          CAPTURE(std::string(c.id) + " " + c.with + " " + state);
          CAPTURE(layers);
          const Measurement m =
              ftle(cell(c.id, c.with, layers),
                   fmt::format("{}, sequences: 2, steps: 12, count: {}, state: {}", everything,
                               count, state));
          check_recursion(m, false, 0);
          CHECK(note(m, "state") == state);
          for (const double x : Field(m, "states").values()) CHECK(std::isfinite(x));
        }
}

TEST_CASE("transposed: Q_t R_t = J_t^T Q_{t-1}") {
  const Measurement m = ftle(cell("lstm", "units: 3"), std::string(everything) +
                                                           ", sequences: 2, steps: 12, "
                                                           "orientation: transposed");
  check_recursion(m, true, 0);
  CHECK(note(m, "orientation") == "transposed");
}

TEST_CASE("a random first frame is orthonormal, the same for all sequences and not the identity") {
  const std::string with = std::string(everything) +
                           ", sequences: 2, steps: 12, starts: 2, "
                           "start: normal";
  const Measurement m = ftle(cell("gru", "units: 4"), with + ", q0: random_orthonormal");
  check_recursion(m, false, 1);
  CHECK(note(m, "q0") == "random_orthonormal");
  CHECK(Field(m, "q").shape()[0] == 4);
  const auto first_frame = [&](Index b) {
    return Matrix(Field(m, "jacobian").at(b, 0).inverse() * Field(m, "q").at(b, 0) *
                  Field(m, "r_matrix").at(b, 0));
  };
  const Matrix Q = first_frame(0);
  CHECK(gap(Q.transpose() * Q, Matrix::Identity(4, 4)) < 1e-12);
  CHECK(gap(Q, first_frame(3)) < 1e-12);
  CHECK(gap(Q, Matrix::Identity(4, 4)) > 0.1);
}

TEST_CASE("pieces, chunks and groups of sequences give what one piece gives") {
  const std::string with = std::string(everything) + ", sequences: 6, steps: 150, warmup: 9";
  const std::string net = cell("rnn", "units: 4", 2);
  const Measurement whole = ftle(net, with);
  // Just above the largest result, 6 x 150 x 8 x 8 numbers: pieces of 24 steps and 5 sequences at a
  // time, for the last of which the memory runs out first.
  const Measurement pieces = ftle(net, with, 6 * 150 * 64 * 8);
  for (const MeasuredArray& array : whole.arrays) {
    CAPTURE(array.port);
    CHECK(Field(pieces, array.port).values() == array.values);
    for (const double x : array.values) CHECK(std::isfinite(x));
  }
  const std::string few = "sequences: 8, steps: 300";
  const Measurement plain = ftle(net, few), grouped = ftle(net, few, 8 * 300 * 8 * 8);
  for (const MeasuredArray& array : plain.arrays)
    CHECK(Field(grouped, array.port).values() == array.values);
}

TEST_CASE("more than `storage` is refused by name, size, option and remedy") {
  const std::string with = "sequences: 10, steps: 5000, keep: [q, r_matrix], storage: 50";
  const std::string sentence =
      "analysis 'ftle': the kept fields (r_matrix, q) of 10 runs of 5000 steps take 80 MB, more "
      "than `storage` 50 MB; lower `sequences`, `steps` or `count`, keep less, or raise `storage`";
  CHECK(refusal([&] { ftle(cell("rnn", "units: 10"), with); }) == sentence);
  // Not what is always given.
  CHECK(refusal([&] { ftle(cell("rnn", "units: 10"), "steps: 50, storage: 0"); }) == "");
  CHECK(refusal([&] { ftle(cell("rnn", "units: 10"), "steps: 50, keep: [Q]"); }) ==
        "analysis 'ftle': `keep` knows r_matrix, q, jacobian and states, not 'Q'");
}

TEST_CASE("planning says what is measured and what it takes on disk") {
  const Case c(noise, cell("lstm", "units: 10"),
               use("ftle", "sequences: 10, steps: 500, warmup: 20, keep: [q, states]"));
  const lyap_estimate e = c.estimate();
  CHECK(std::string(e.text) ==
        "10 runs of 20 + 500 steps, 20 of 20 exponents, 18 MB on disk of which 17 for q, states");
  CHECK(e.flops == doctest::Approx(10 * 520 * 8000 * (2 + 8.0 / 3 + 2.0 / 20)));
}

TEST_CASE("the slope of sorted values over their rank is that of the line through them") {
  using lyap::ftle::rank_slope;
  CHECK(rank_slope({1, 7, 5, 3}) == doctest::Approx(-2));
  CHECK(rank_slope({4, 4, 4}) == 0);
  CHECK(rank_slope({1, 0}) == doctest::Approx(-1));
  CHECK(std::isnan(rank_slope({1})));
  // 5 3 1 and a value far below: least squares by hand, sum (rank - 1.5) r / 5.
  CHECK(rank_slope({-9, 5, 1, 3}) == doctest::Approx((-1.5 * 5 - 0.5 * 3 + 0.5 * 1 - 1.5 * 9) / 5));

  const Measurement m = ftle(cell("rnn", "units: 5"), "sequences: 3, steps: 80");
  Vector expected = Vector::Zero(5);
  for (Index b = 0; b < 3; ++b) {
    const Matrix r = Field(m, "r").sequence(b);
    for (Index i = 0; i < 5; ++i) {
      const Vector row = r.row(i);
      expected[i] += rank_slope({row.begin(), row.end()}) / 3;
    }
  }
  CHECK(gap(Field(m, "slope").vector(), expected) < 1e-15);
  CHECK(Field(m, "slope").note("steepest") == lyap::ftle::steepest(expected));
}

TEST_CASE("the index with the most negative slope is named beside the supplement's claim") {
  using lyap::ftle::steepest;
  CHECK(steepest(Vector{{-0.5, -0.25}}) ==
        "r of index 1 of 2 has the most negative slope over the rank, -0.5, as the supplement of "
        "the FTLE paper says of index 1");
  CHECK(steepest(Vector{{-0.5, -0.25, -0.75}}) ==
        "r of index 3 of 3 has the most negative slope over the rank, -0.75; the supplement of "
        "the FTLE paper says it is index 1, which has -0.5");
  CHECK(steepest(Vector{{lyap::analyses::missing}}) == "");
}

TEST_CASE("inputs that are too short, and states that are too small, are refused") {
  const std::string task = "{use: digits, with: {order: rows, pool: 4, train: 24, test: 6}}";
  const auto said = [&](const std::string& with) {
    return refusal([&] { Case(task, cell("rnn", "units: 4"), use("ftle", with)).measure(); });
  };
  CHECK(said("steps: 6, warmup: 2") ==
        "analysis 'ftle': the task's inputs have 7 steps, but `warmup` 2 and `steps` 6 need more; "
        "lower them, or 0 `steps` for all that remain");
  CHECK(said("count: 5") ==
        "analysis 'ftle': `count` asks for 5 exponents, but the state has 4 directions; lower it, "
        "or 0 for all");
  CHECK(said("starts: 2, start: zero") ==
        "analysis 'ftle': `starts` above 1 needs different initial states; say `start: normal`");
  CHECK(said("start: file") ==
        "analysis 'ftle': `start: file` and `start_file` go together; give both or neither");
  CHECK(said("start: carried") ==
        "analysis 'ftle': `start: carried` goes on where training left the network, and this one "
        "was left nowhere; train it with `force`, or choose another `start`");
  const Measurement rest =
      Case(task, cell("rnn", "units: 4"), use("ftle", "warmup: 3, sequences: 50")).measure()[0];
  CHECK(Field(rest, "exponent").shape() == std::vector<std::int64_t>{6, 4, 4});
  CHECK(note(rest, "sequences_fallback") == "50 were asked; the split has no more than 6");
}
