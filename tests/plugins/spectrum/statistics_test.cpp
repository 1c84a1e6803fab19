// tests/plugins/spectrum/statistics_test.cpp - means, intervals and dimension by hand.
#include "spectrum/statistics.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "reference.hpp"
#include "spectrum/independent_columns.hpp"

using namespace lyap::spectrum;
using lyap::Index;
using lyap::Matrix;
using lyap::Vector;

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
const Matrix no_resamples(0, 0);

Means means_of(const Matrix& exponents, const Matrix& uniform, double confidence) {
  return lyap::spectrum::means_of(exponents, uniform, confidence,
                                  [](Index count, const auto& body) {
                                    for (Index i = 0; i < count; ++i) body(i);
                                  });
}
}  // namespace

TEST_CASE("means leave dead directions out and count them") {
  Matrix exponents(3, 4);
  exponents << 1, 2, 3, 6, -infinity, 4, -infinity, 8, -infinity, -infinity, -infinity, -infinity;
  const Means m = means_of(exponents, no_resamples, 0.95);
  CHECK(m.mean == Vector{{3.0, 6.0, -infinity}});
  CHECK(m.deviation[0] == doctest::Approx(std::sqrt(14.0 / 3)));
  CHECK(m.deviation[1] == doctest::Approx(std::sqrt(8.0)));
  CHECK(std::isnan(m.deviation[2]));
  CHECK(m.dead == Vector{{0.0, 2.0, 4.0}});
  CHECK(std::isnan(m.lower[0]));
}

TEST_CASE("the bootstrap interval of many runs is the normal one") {
  const Index runs = 400;
  const Matrix exponents = reference::random(1, runs, "exponents");
  Matrix uniform(runs, 4000);
  lyap::framework::Random(1, "bootstrap")
      .fill_uniform({uniform.data(), static_cast<std::size_t>(uniform.size())});
  const Means m = means_of(exponents, uniform, 0.95);
  const double half = 1.96 * m.deviation[0] / std::sqrt(static_cast<double>(runs));
  // The ends are quantiles of 4000 means: 4 standard errors of such a quantile are 15 % of `half`.
  CHECK(std::abs(m.mean[0] - half - m.lower[0]) < 0.15 * half);
  CHECK(std::abs(m.mean[0] + half - m.upper[0]) < 0.15 * half);
  const Means narrow = means_of(exponents, uniform, 0.5);
  CHECK(narrow.lower[0] > m.lower[0]);
  CHECK(narrow.upper[0] < m.upper[0]);
}

TEST_CASE("equal runs have an interval of no width, single runs none") {
  const Matrix uniform = Matrix::Constant(3, 10, 0.99);
  const Means m = means_of(Matrix::Constant(1, 3, 0.25), uniform, 0.9);
  CHECK(m.lower[0] == 0.25);
  CHECK(m.upper[0] == 0.25);
  const Means single = means_of(Matrix::Constant(1, 1, 0.25), uniform.topRows(1), 0.9);
  CHECK(std::isnan(single.lower[0]));
  CHECK(std::isnan(single.deviation[0]));
}

TEST_CASE("the largest standard error ignores what is dead everywhere") {
  Matrix exponents(3, 2);
  exponents << 1, 3, 5, 5, -infinity, -infinity;
  CHECK(largest_standard_error(exponents) == doctest::Approx(1));
  exponents(2, 0) = 7;
  CHECK(largest_standard_error(exponents) == infinity);
}

TEST_CASE("Kaplan and Yorke's dimension by hand") {
  CHECK(kaplan_yorke(Vector{{0.5, -0.25, -0.5}}, true) == doctest::Approx(2.5));
  CHECK(kaplan_yorke(Vector{{-0.5, 0.5, -0.25}}, true) == doctest::Approx(2.5));
  CHECK(kaplan_yorke(Vector{{0.0, -1.0}}, true) == 1);
  CHECK(kaplan_yorke(Vector{{-0.1, -0.2}}, true) == 0);
  CHECK(kaplan_yorke(Vector{{0.3, 0.1}}, true) == 2);
  CHECK(std::isnan(kaplan_yorke(Vector{{0.3, 0.1}}, false)));
  CHECK(kaplan_yorke(Vector{{0.3, -infinity}}, true) == 1);
  CHECK(positive_sum(Vector{{0.3, -infinity, 0.2, -1.0}}) == doctest::Approx(0.5));
}

TEST_CASE("columns that depend exactly on those before them are found and take no row") {
  using Columns = std::vector<Index>;
  CHECK(independent_columns(Matrix::Identity(3, 3)) == Columns{0, 1, 2});
  CHECK(independent_columns(Matrix::Zero(3, 3)).empty());
  CHECK(independent_columns(Matrix{{0.0, 1.0}, {0.0, 0.0}}) == Columns{1});
  CHECK(independent_columns(Matrix{{1.0, 2.0, 3.0}, {0.0, 0.0, 4.0}, {0.0, 0.0, 0.0}}) ==
        Columns{0, 2});
  CHECK(independent_columns(Matrix{{1.0, 2.0, 3.0}, {0.0, 0.0, 4.0}, {0.0, 0.0, 5.0}}) ==
        Columns{0, 2});
  CHECK(independent_columns(Matrix{{0.0, 1.0, 2.0, 1.0},
                                   {0.0, 0.0, 0.0, 3.0},
                                   {0.0, 0.0, 0.0, 1.0},
                                   {0.0, 0.0, 0.0, 2.0}}) == Columns{1, 3});
}
