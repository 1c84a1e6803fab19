// framework/model/initialiser_rules.cpp - the initialisers there are, and what each draws.
#include "model/initialiser_rules.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace lyap::framework {
namespace {

using Arguments = std::vector<double>;
using Values = std::span<double>;

constexpr double any = std::numeric_limits<double>::max();

void draw_uniform(double low, double high, Random& random, Values values) {
  for (double& value : values) value = low + (high - low) * random.uniform();
}

void draw_normal(double mean, double std, Random& random, Values values) {
  random.fill_normal(values);
  for (double& value : values) value = mean + std * value;
}

/// Makes the `count` columns of length `rows` orthonormal, R's diagonal positive, which makes the
/// orthogonal matrix uniformly distributed (Mezzadri 2007).  Gram-Schmidt, every column twice,
/// instead of LAPACK: the same seed gives the same weights whatever BLAS is linked.
void orthonormalise(std::vector<double>& columns, std::int64_t rows, std::int64_t count) {
  for (std::int64_t j = 0; j < count; ++j) {
    double* column = columns.data() + j * rows;
    for (int round = 0; round < 2; ++round)
      for (std::int64_t i = 0; i < j; ++i) {
        const double* earlier = columns.data() + i * rows;
        const double overlap = std::inner_product(column, column + rows, earlier, 0.0);
        for (std::int64_t r = 0; r < rows; ++r) column[r] -= overlap * earlier[r];
      }
    const double norm = std::sqrt(std::inner_product(column, column + rows, column, 0.0));
    for (std::int64_t r = 0; r < rows; ++r) column[r] /= norm;
  }
}

void draw_orthogonal(double gain, std::int64_t rows, std::int64_t cols, Random& random,
                     Values values) {
  const bool wide = rows < cols;
  const std::int64_t length = std::max(rows, cols), count = std::min(rows, cols);
  std::vector<double> columns(values.size());
  random.fill_normal(columns);
  orthonormalise(columns, length, count);
  for (std::int64_t j = 0; j < count; ++j)
    for (std::int64_t i = 0; i < length; ++i)
      values[static_cast<std::size_t>(wide ? i * rows + j : j * rows + i)] =
          gain * columns[static_cast<std::size_t>(j * length + i)];
}

/// Exactly round(density rows cols) entries differ from zero, with variance gain^2 / (density
/// cols).
void draw_sparse_normal(double density, double gain, std::int64_t rows, std::int64_t cols,
                        Random& random, Values values) {
  const double std = gain / std::sqrt(density * static_cast<double>(cols));
  const std::int64_t filled = std::llround(density * static_cast<double>(rows * cols));
  std::fill(values.begin(), values.end(), 0.0);
  const std::vector<std::int64_t> places = random.permutation(rows * cols);
  for (std::int64_t i = 0; i < filled; ++i)
    values[static_cast<std::size_t>(places[static_cast<std::size_t>(i)])] = std * random.normal();
}

/// Normal on and below the diagonal, columns of length 1.
void draw_householder(std::int64_t rows, std::int64_t cols, Random& random, Values values) {
  std::fill(values.begin(), values.end(), 0.0);
  for (std::int64_t j = 0; j < std::min(rows, cols); ++j) {
    const Values column =
        values.subspan(static_cast<std::size_t>(j * rows + j), static_cast<std::size_t>(rows - j));
    random.fill_normal(column);
    const double norm =
        std::sqrt(std::inner_product(column.begin(), column.end(), column.begin(), 0.0));
    for (double& value : column) value /= norm;
  }
}

/// Skew-symmetric: [[0, s], [-s, 0]] along the diagonal, each s drawn by itself; the exponential is
/// made of rotations by -s.
template <class Draw>
void draw_skew_blocks(Draw draw, std::int64_t rows, std::int64_t cols, Values values) {
  std::fill(values.begin(), values.end(), 0.0);
  for (std::int64_t i = 0; i + 1 < std::min(rows, cols); i += 2) {
    const double s = draw();
    values[static_cast<std::size_t>((i + 1) * rows + i)] = s;
    values[static_cast<std::size_t>(i * rows + i + 1)] = -s;
  }
}

double fan_sum(std::int64_t rows, std::int64_t cols) {
  return static_cast<double>(rows + cols);
}

}  // namespace

const std::vector<InitialiserRule>& initialiser_rules() {
  static const InitialiserParameter gain{"gain", 1.0, -any, any};
  static const std::vector<InitialiserRule> rules = {
      {"zeros",
       {},
       [](const Arguments&, std::int64_t, std::int64_t, Random&, Values v) {
         std::fill(v.begin(), v.end(), 0.0);
       }},
      {"ones",
       {},
       [](const Arguments&, std::int64_t, std::int64_t, Random&, Values v) {
         std::fill(v.begin(), v.end(), 1.0);
       }},
      {"constant",
       {{"value", {}, -any, any}},
       [](const Arguments& a, std::int64_t, std::int64_t, Random&, Values v) {
         std::fill(v.begin(), v.end(), a[0]);
       }},
      {"identity",
       {{"scale", 1.0, -any, any}},
       [](const Arguments& a, std::int64_t rows, std::int64_t cols, Random&, Values v) {
         std::fill(v.begin(), v.end(), 0.0);
         for (std::int64_t i = 0; i < std::min(rows, cols); ++i)
           v[static_cast<std::size_t>(i * rows + i)] = a[0];
       }},
      {"uniform",
       {{"low", {}, -any, any}, {"high", {}, -any, any}},
       [](const Arguments& a, std::int64_t, std::int64_t, Random& random, Values v) {
         draw_uniform(a[0], a[1], random, v);
       }},
      {"normal",
       {{"mean", 0.0, -any, any}, {"std", 1.0, 0.0, any}},
       [](const Arguments& a, std::int64_t, std::int64_t, Random& random, Values v) {
         draw_normal(a[0], a[1], random, v);
       }},
      {"xavier_uniform",
       {gain},
       [](const Arguments& a, std::int64_t rows, std::int64_t cols, Random& random, Values v) {
         const double bound = a[0] * std::sqrt(6.0 / fan_sum(rows, cols));
         draw_uniform(-bound, bound, random, v);
       }},
      {"xavier_normal",
       {gain},
       [](const Arguments& a, std::int64_t rows, std::int64_t cols, Random& random, Values v) {
         draw_normal(0.0, a[0] * std::sqrt(2.0 / fan_sum(rows, cols)), random, v);
       }},
      {"kaiming_uniform",
       {},
       [](const Arguments&, std::int64_t, std::int64_t cols, Random& random, Values v) {
         const double bound = std::sqrt(6.0 / static_cast<double>(cols));
         draw_uniform(-bound, bound, random, v);
       }},
      {"kaiming_normal",
       {},
       [](const Arguments&, std::int64_t, std::int64_t cols, Random& random, Values v) {
         draw_normal(0.0, std::sqrt(2.0 / static_cast<double>(cols)), random, v);
       }},
      {"orthogonal",
       {gain},
       [](const Arguments& a, std::int64_t rows, std::int64_t cols, Random& random, Values v) {
         draw_orthogonal(a[0], rows, cols, random, v);
       }},
      // The smallest density keeps gain / sqrt(density) finite.
      {"sparse_normal",
       {{"density", {}, 1e-12, 1.0}, gain},
       [](const Arguments& a, std::int64_t rows, std::int64_t cols, Random& random, Values v) {
         draw_sparse_normal(a[0], a[1], rows, cols, random, v);
       }},
      {"householder",
       {},
       [](const Arguments&, std::int64_t rows, std::int64_t cols, Random& random, Values v) {
         draw_householder(rows, cols, random, v);
       }},
      // Henaff et al. (2016) and Helfrich et al. (2018), as Kerg et al. (2019) use them.
      {"henaff",
       {},
       [](const Arguments&, std::int64_t rows, std::int64_t cols, Random& random, Values v) {
         draw_skew_blocks([&] { return -std::numbers::pi * random.uniform(); }, rows, cols, v);
       }},
      {"cayley",
       {},
       [](const Arguments&, std::int64_t rows, std::int64_t cols, Random& random, Values v) {
         // -sqrt((1 - cos u) / (1 + cos u)) with u from U(0, pi/2)
         const auto draw = [&] { return -std::tan(std::numbers::pi / 4 * random.uniform()); };
         draw_skew_blocks(draw, rows, cols, v);
       }},
  };
  return rules;
}

}  // namespace lyap::framework
