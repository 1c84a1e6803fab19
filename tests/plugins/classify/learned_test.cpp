// tests/plugins/classify/learned_test.cpp - best boundaries, regressions and cells against the
// plainest computation.
#include "classify/boundary.hpp"

#include <Eigen/Dense>
#include <utility>

#include "small_table.hpp"

using namespace classify_test;
using lyap::Index;
using lyap::Matrix;
using lyap::Vector;

namespace {

/// Reproducible, without order, in [0, 1).
double drawn(Index i) {
  const double x = std::sin(static_cast<double>(i) * 12.9898) * 43758.5453;
  return x - std::floor(x);
}

std::vector<double> drawn_many(Index from, Index count) {
  std::vector<double> values;
  for (Index i = 0; i < count; ++i) values.push_back(drawn(from + i));
  return values;
}

/// F1 of calling accurate what lies strictly above.
double f1_above(const std::vector<double>& x, const std::vector<bool>& accurate, double boundary) {
  double hits = 0, called = 0, positives = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    positives += accurate[i];
    called += x[i] > boundary;
    hits += x[i] > boundary && accurate[i];
  }
  return 2 * hits / (called + positives);
}

}  // namespace

TEST_CASE("the best boundary is the midpoint that an exhaustive search finds") {
  for (Index trial = 0; trial < 20; ++trial) {
    const Index n = 30;
    std::vector<double> loss = drawn_many(1000 * trial, n), x, parts;
    for (Index i = 0; i < n; ++i) {
      // Correlated, coarse so that values coincide.
      const double noisy = -loss[static_cast<std::size_t>(i)] + 0.8 * drawn(1000 * trial + 500 + i);
      x.push_back(std::round(10 * noisy));
      parts.push_back(static_cast<double>(i % 3));
    }
    const Measurement m =
        classify("rules: [raw.1], boundary: best, evaluate: test",
                 {{"target", target(loss)}, {"raw", coordinate(x)}, {"part", part(parts)}});
    const double sign = row(m, "orientation", {0})[0];
    const double threshold = Field(m, "threshold").values()[0];
    std::vector<double> held;
    std::vector<bool> accurate;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (parts[i] == 1) held.push_back(sign * x[i]), accurate.push_back(loss[i] < threshold);
    double best = -1, middle = missing;
    for (const double a : held)
      for (const double b : held) {
        if (!(a < b)) continue;
        const bool neighbours =
            std::none_of(held.begin(), held.end(), [&](double c) { return a < c && c < b; });
        const double between = (a + b) / 2, f1 = f1_above(held, accurate, between);
        if (!neighbours || f1 < best || (f1 == best && between < middle)) continue;
        best = f1;
        middle = between;
      }
    CHECK(row(m, "boundary", {0, 0})[0] == sign * middle);
  }
}

TEST_CASE("without a validation part the best boundary is that of the training part") {
  const Measurement m = classify("rules: [raw.1], boundary: best, evaluate: test",
                                 {{"target", target({1, 2, 8, 9, 1, 9})},
                                  {"raw", coordinate({10, 5, 4, 1, 4.6, 4.4})},
                                  {"part", part({0, 0, 0, 0, 2, 2})}});
  CHECK(row(m, "boundary", {0, 0}) == Row{4.5});
  CHECK(row(m, "confusion", {0, 0, 0}) == Row{1, 0, 0, 1});
}

TEST_CASE("a best boundary is one for all checkpoints, a median one of each") {
  const Inputs inputs{{"target", target({1, 2, 8, 9})},
                      {"raw", coordinates({1, 4, 2, 1}, {10, 20, 9, 19, 2, 12, 1, 11})}};
  const Row median = Field(classify("rules: [raw.1]", inputs), "boundary").values();
  CHECK(median == Row{5.5, 15.5});
  const Row best = Field(classify("rules: [raw.1], boundary: best", inputs), "boundary").values();
  CHECK(best[0] == best[1]);
}

TEST_CASE("neighbouring numbers have a boundary between them") {
  const double one = 1, next = std::nextafter(1.0, 2.0);
  for (const auto& [above, below] : {std::pair(next, one), std::pair(-one, -next)}) {
    const double boundary = lyap::classify::best_boundary({{below, false}, {above, true}});
    CHECK(above > boundary);
    CHECK_FALSE(below > boundary);
  }
}

TEST_CASE("a regression is that of the normal equations") {
  const Index n = 40, d = 3;
  const std::vector<double> loss = drawn_many(1, n), x = drawn_many(77, n * d);
  std::vector<double> parts;
  for (Index i = 0; i < n; ++i) parts.push_back(i < 25 ? 0 : 2);
  const Measurement m = classify(
      "rules: [\"regression.raw[2]\"], evaluate: test",
      {{"target", target(loss)}, {"raw", coordinates({1, n, 1, d}, x)}, {"part", part(parts)}});

  Matrix A(n, 3);
  Vector y(n);
  const Row label = Field(m, "label").values();
  for (Index i = 0; i < n; ++i) {
    A.row(i) << 1, x[static_cast<std::size_t>(i * d)], x[static_cast<std::size_t>(i * d + 1)];
    y[i] = label[static_cast<std::size_t>(i)];
  }
  const Matrix train = A.topRows(25);
  const Vector beta = (train.transpose() * train).ldlt().solve(train.transpose() * y.head(25));
  const Vector predicted = A * beta;
  std::vector<double> sorted(predicted.begin(), predicted.end());
  std::sort(sorted.begin(), sorted.end());
  const double median = (sorted[19] + sorted[20]) / 2;
  // Forty numbers of order 1 through a well-conditioned 3 x 3 system.
  CHECK(row(m, "boundary", {0, 0})[0] == doctest::Approx(median).epsilon(1e-12));
  const Row verdict = Field(m, "verdict").values();
  for (Index i = 0; i < n; ++i)
    CHECK(verdict[static_cast<std::size_t>(i)] == (predicted[i] > median ? 1 : 0));
}

TEST_CASE("a regression with more exponents than networks takes the smallest slope") {
  const Index n = 6, k = 20;
  const std::vector<double> loss = drawn_many(5, n), x = drawn_many(200, n * k);
  // The first four networks are learned from.
  const Measurement m =
      classify("rules: [regression.spectra], boundary: best", {{"target", target(loss)},
                                                               {"spectra", spectra(1, k, x)},
                                                               {"part", part({0, 0, 0, 0, 2, 2})}});
  const Row label = Field(m, "label").values();
  Matrix X(4, k), all(n, k);
  Vector y(4);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < k; ++j) all(i, j) = x[static_cast<std::size_t>(i * k + j)];
  for (Index i = 0; i < 4; ++i) y[i] = label[static_cast<std::size_t>(i)];
  X = all.topRows(4);
  const Eigen::RowVectorXd centre = X.colwise().mean();
  const Vector slope = (X.rowwise() - centre)
                           .completeOrthogonalDecomposition()
                           .solve((y.array() - y.mean()).matrix());
  const Vector predicted = ((all.rowwise() - centre) * slope).array() + y.mean();
  const double boundary = row(m, "boundary", {0, 0})[0];
  const Row verdict = Field(m, "verdict").values();
  // Four points are met exactly, so the best boundary lies half way between 0 and 1.
  CHECK(boundary == doctest::Approx(0.5).epsilon(1e-10));
  for (Index i = 0; i < n; ++i)
    CHECK(verdict[static_cast<std::size_t>(i)] == (predicted[i] > boundary ? 1 : 0));
}

TEST_CASE("two components cut at their medians: a majority, two ties and a minority") {
  // Training medians are 0 and 0: ++ holds two accurate networks, +- and -- one of two, -+ none.
  const Inputs inputs{
      {"target", target({1, 1, 1, 9, 9, 9, 9, 1, 1, 9, 1, 1, 9})},
      {"aelle", coordinates({1, 13, 1, 2}, {1,  2,  3,  1, 2, -1, 4, -3, -1, 3,  -4, 4,  -2,
                                            -2, -3, -4, 7, 7, 6,  8, 9,  -9, -5, 5,  -6, -6})},
      {"part", part({0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2})}};
  const Measurement m = classify("rules: [cells.2], label: 5, evaluate: test", inputs);
  CHECK(Field(m, "verdict").values() == Row{1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0});
  // Of the test part: a hit, a false alarm, two missed, one rightly refused.
  CHECK(row(m, "confusion", {0, 0, 0}) == Row{1, 1, 2, 1});
  CHECK(std::isnan(row(m, "boundary", {0, 0})[0]));
  CHECK(std::isnan(row(m, "orientation", {0})[0]));
}

TEST_CASE("in a cell where nothing was learned nothing is accurate, nor on a median above it") {
  // Training networks lie in ++ and --; the test part in +-, -+, and on the median of the first.
  const Inputs inputs{
      {"target", target({1, 1, 9, 9, 1, 1, 1})},
      {"aelle", coordinates({1, 7, 1, 2}, {1, 1, 2, 2, -1, -1, -2, -2, 1, -1, -1, 1, 0, 3})},
      {"part", part({0, 0, 0, 0, 2, 2, 2})}};
  const Measurement m = classify("rules: [cells.2], label: 5, evaluate: test", inputs);
  CHECK(Field(m, "verdict").values() == Row{1, 1, 0, 0, 0, 0, 0});
}

TEST_CASE("one cell dimension cut at the median of the training part is a threshold there") {
  const Index n = 50;
  const std::vector<double> x = drawn_many(9, n);
  std::vector<double> loss;
  for (Index i = 0; i < n; ++i)
    loss.push_back(x[static_cast<std::size_t>(i)] + 0.3 * drawn(300 + i));
  const Measurement m =
      classify("rules: [aelle.1, cells.1]", {{"target", target(loss)}, {"aelle", coordinate(x)}});
  CHECK(row(m, "confusion", {0, 0, 0}) == row(m, "confusion", {0, 0, 1}));
}
