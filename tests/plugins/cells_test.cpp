// tests/plugins/cells_test.cpp - rnn, lstm and gru by hand against the same three as recorded
// cells.
#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "../../plugins/cells/gru.hpp"
#include "../../plugins/cells/lstm.hpp"
#include "../../plugins/cells/rnn.hpp"
#include "../sdk/cell_trial.hpp"
#include "recorded_cells.hpp"

using namespace lyap;
using namespace lyap::testing;

namespace {

template <class ByHandCell, class RecordedCell, Real T>
struct Pair {
  using Precision = T;
  using Hand = ByHandCell;
  using Recorded = RecordedCell;
};
#define LYAP_PAIRS                                                                     \
  Pair<cells::Rnn, RecordedRnn, double>, Pair<cells::Rnn, RecordedRnn, float>,         \
      Pair<cells::Lstm, RecordedLstm, double>, Pair<cells::Lstm, RecordedLstm, float>, \
      Pair<cells::Gru, RecordedGru, double>, Pair<cells::Gru, RecordedGru, float>

/// A few dozen roundings of numbers of order 1.
template <Real T>
constexpr double rounding = 64.0 * static_cast<double>(std::numeric_limits<T>::epsilon());

std::vector<std::map<std::string, std::string>> variants(bool activation) {
  std::vector<std::map<std::string, std::string>> all;
  for (const char* bias : {"two", "one", "none"}) all.push_back({{"units", "7"}, {"bias", bias}});
  if (activation) all.push_back({{"units", "7"}, {"activation", "relu"}});
  return all;
}
template <class P>
std::vector<std::map<std::string, std::string>> variants_of() {
  return variants(std::is_same_v<typename P::Hand, cells::Rnn>);
}

std::map<std::string, std::string> units_only(const std::string& units) {
  return {{"units", units}};
}

/// Both cells with the same weights and operands, carried out.
template <class P>
struct Both {
  using T = typename P::Precision;
  explicit Both(const std::map<std::string, std::string>& with)
      : hand(with, 3, 5, 4), recorded(with, 3, 5, 4) {
    hand.run(), recorded.run();
  }
  Trial<typename P::Hand, T> hand;
  Trial<typename P::Recorded, T> recorded;
};

template <class A, class B>
void check_same(const A& a, const B& b, double tolerance) {
  CHECK(distance(a.state, b.state) < tolerance);
  CHECK(distance(a.input, b.input) < tolerance);
  REQUIRE(a.weights.size() == b.weights.size());
  for (std::size_t i = 0; i < a.weights.size(); ++i)
    CHECK(distance(a.weights[i], b.weights[i]) < tolerance);
}

std::vector<std::int64_t> shuffled(std::mt19937_64& source, Index n) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), source);
  return order;
}

}  // namespace

TEST_CASE_TEMPLATE("by hand and recorded: the same states", P, LYAP_PAIRS) {
  for (const auto& with : variants_of<P>()) {
    Both<P> both(with);
    REQUIRE(both.hand.shape->weight_count == both.recorded.shape->weight_count);
    CHECK(distance(both.hand.states, both.recorded.states) < rounding<typename P::Precision>);
    const auto whole = both.hand.states;
    both.hand.run(2);
    CHECK(distance(both.hand.states, whole) < rounding<typename P::Precision>);
  }
}

TEST_CASE_TEMPLATE("by hand and recorded: the same tangents and adjoints of a step", P,
                   LYAP_PAIRS) {
  using T = typename P::Precision;
  for (const auto& with : variants_of<P>()) {
    Both<P> both(with);
    auto& source = both.hand.source;
    const Index rows = both.hand.rows();
    for (const lyap_point at : {lyap_point{0, 0, 4}, lyap_point{3, 1, 2}}) {
      const MatrixOf<T> v = random<T>(source, rows, at.samples * 3);
      const MatrixOf<T> w = random<T>(source, 3, at.samples * 3), none;
      CHECK(distance(both.hand.push(at, v, w), both.recorded.push(at, v, w)) < rounding<T>);
      CHECK(distance(both.hand.push(at, v, none), both.recorded.push(at, v, none)) < rounding<T>);
      CHECK(distance(both.hand.push(at, none, w), both.recorded.push(at, none, w)) < rounding<T>);
      check_same(both.hand.pull(at, v), both.recorded.pull(at, v), rounding<T>);
    }
  }
}

TEST_CASE_TEMPLATE("by hand and recorded: the same adjoint of a chunk", P, LYAP_PAIRS) {
  using T = typename P::Precision;
  for (const auto& with : variants_of<P>()) {
    Both<P> both(with);
    for (const Index at : {0, 2}) {
      const Index cols = (both.hand.steps - at) * both.hand.batch;
      const MatrixOf<T> direct = random<T>(both.hand.source, both.hand.rows(), cols);
      MatrixOf<T> a = direct, b = direct;
      // Five steps add up and amplify what one step rounds.
      check_same(both.hand.backward(a, at), both.recorded.backward(b, at), 8 * rounding<T>);
      CHECK(distance(a, b) < 8 * rounding<T>);
    }
  }
}

TEST_CASE_TEMPLATE("by hand: the adjoint of a chunk is that of its steps, one after another", P,
                   LYAP_PAIRS) {
  using T = typename P::Precision;
  Both<P> both(units_only("7"));
  auto& c = both.hand;
  MatrixOf<T> bars = random<T>(c.source, c.rows(), c.steps * c.batch), total = bars;
  const auto whole = c.backward(total);
  auto sum = c.empty(c.batch, c.batch);
  for (Index t = c.steps - 1; t >= 0; --t) {
    const auto one = c.pull({t, 0, c.batch}, bars.middleCols(t * c.batch, c.batch));
    if (t > 0) bars.middleCols((t - 1) * c.batch, c.batch) += one.state;
    for (std::size_t i = 0; i < one.weights.size(); ++i) sum.weights[i] += one.weights[i];
    sum.state = one.state;
    CHECK(distance(whole.input.middleCols(t * c.batch, c.batch), one.input) < 8 * rounding<T>);
  }
  CHECK(distance(total, bars) < 8 * rounding<T>);
  CHECK(distance(whole.state, sum.state) < 8 * rounding<T>);
  for (std::size_t i = 0; i < sum.weights.size(); ++i)
    CHECK(distance(whole.weights[i], sum.weights[i]) < 8 * rounding<T>);
}

TEST_CASE_TEMPLATE("by hand and recorded: the same Jacobian in every block and order", P,
                   LYAP_PAIRS) {
  using T = typename P::Precision;
  for (const char* units : {"7", "19"}) {  // below and above the columns worked on at a time
    Both<P> both(units_only(units));
    const Index n = std::stol(units), rows = both.hand.rows();
    const MatrixOf<T> whole = both.recorded.push({2, 1, 1}, MatrixOf<T>::Identity(rows, rows), {});
    CHECK(distance(both.hand.jacobian(2, 1), whole) < rounding<T>);
    CHECK(distance(both.recorded.jacobian(2, 1), whole) < rounding<T>);

    const std::uint64_t blocks = rows / n;
    std::vector<std::uint64_t> masks{~0ull, 1};
    if (blocks == 2) masks.push_back(2), masks.push_back(3);
    for (const std::uint64_t row_mask : masks)
      for (const std::uint64_t column_mask : masks)
        for (int orders = 0; orders < 4; ++orders) {
          const auto offset = [&](std::uint64_t m) { return m == 2 ? n : 0; };
          const auto extent = [&](std::uint64_t m) { return m == 1 || m == 2 ? n : rows; };
          const Index r = extent(row_mask), c = extent(column_mask);
          const auto row_order = shuffled(both.hand.source, r);
          const auto column_order = shuffled(both.hand.source, c);
          MatrixOf<T> expected(r, c);
          for (Index j = 0; j < c; ++j)
            for (Index i = 0; i < r; ++i)
              expected(i, j) = whole(offset(row_mask) + (orders & 1 ? row_order[i] : i),
                                     offset(column_mask) + (orders & 2 ? column_order[j] : j));
          const lyap_block_request request{2,
                                           1,
                                           row_mask,
                                           column_mask,
                                           orders & 1 ? row_order.data() : nullptr,
                                           orders & 2 ? column_order.data() : nullptr};
          CHECK(distance(both.hand.jacobian(request, r, c), expected) < rounding<T>);
          CHECK(distance(both.recorded.jacobian(request, r, c), expected) < rounding<T>);
        }
  }
}

TEST_CASE("a part of the rows may be asked for by its order") {
  Both<Pair<cells::Lstm, RecordedLstm, double>> both(units_only("7"));
  const std::int64_t some[] = {3, 11, 0};
  const lyap_block_request request{0, 0, ~0ull, ~0ull, some, nullptr};
  const Matrix whole = both.hand.jacobian(0, 0);
  for (const Matrix& part :
       {both.hand.jacobian(request, 3, 14), both.recorded.jacobian(request, 3, 14)})
    for (int i = 0; i < 3; ++i) CHECK(distance(part.row(i), whole.row(some[i])) < 1e-14);
}

TEST_CASE("without bias_hh the cells have the three or two weights of their option") {
  using Lstm = Trial<cells::Lstm, double>;
  CHECK(Lstm({{"bias", "two"}}, 3, 1, 1).shape->weight_count == 4);
  const Lstm one({{"bias", "one"}}, 3, 1, 1);
  REQUIRE(one.shape->weight_count == 3);
  CHECK(std::string(one.shape->weights[2].name) == "bias_ih");
  CHECK(Lstm({{"bias", "none"}}, 3, 1, 1).shape->weight_count == 2);
}

TEST_CASE("the default initialiser is PyTorch's, one over the square root of the units") {
  const Trial<cells::Gru, double> gru({{"units", "64"}}, 3, 1, 1);
  for (std::uint32_t i = 0; i < gru.shape->weight_count; ++i)
    CHECK(std::string(gru.shape->weights[i].init) == "uniform(-0.125, 0.125)");
}

TEST_CASE("a saturated tanh network keeps its Jacobian's relative accuracy") {
  Trial<cells::Rnn, double> rnn({{"units", "1"}, {"bias", "none"}}, 1, 1, 1);
  rnn.weights[0](0, 0) = 1, rnn.weights[1](0, 0) = 1;
  rnn.state(0, 0) = 0, rnn.input(0, 0) = 300;
  rnn.run();
  // sech(300)^2 = 4 e^-600 / (1 + e^-600)^2
  CHECK(rnn.jacobian(0, 0)(0, 0) == doctest::Approx(4 * std::exp(-600.0)).epsilon(1e-12));
}
