// tests/framework/model/initialiser_test.cpp - the distributions that initialisers draw from, and
// what bad specifications get.
#include "model/initialiser.hpp"

#include <doctest/doctest.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "base/error.hpp"

using namespace lyap::framework;

namespace {

std::vector<double> draw(std::string_view text, std::int64_t rows, std::int64_t cols) {
  Random random(7, "weights/test");
  return Initialiser(text).draw(rows, cols, random);
}

struct Moments {
  double mean, variance, low, high;
};

Moments moments(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double variance = 0;
  for (const double value : values) variance += (value - mean) * (value - mean) / count;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return {mean, variance, *low, *high};
}

Eigen::MatrixXd matrix(const std::vector<double>& values, std::int64_t rows, std::int64_t cols) {
  return Eigen::Map<const Eigen::MatrixXd>(values.data(), rows, cols);
}

std::string refusal(std::string_view text) {
  try {
    Initialiser initialiser(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

// 40 000 draws: the mean is known to 4 standard errors of sqrt(variance)/200, the variance to 4 of
// variance * sqrt(2)/200 or less.
TEST_CASE("initialisers have the mean and the variance their names promise") {
  const std::int64_t rows = 250, cols = 160;
  struct Case {
    const char* text;
    double mean, variance;
  };
  for (const Case& c :
       {Case{"uniform(-1, 3)", 1.0, 16.0 / 12}, Case{"uniform(0.3)", 0.0, 0.03},
        Case{"normal(2, 0.5)", 2.0, 0.25}, Case{"normal(std=3)", 0.0, 9.0},
        Case{"xavier_uniform", 0.0, 2.0 / 410}, Case{"xavier_normal(gain=2)", 0.0, 4 * 2.0 / 410},
        Case{"kaiming_uniform", 0.0, 2.0 / 160}, Case{"kaiming_normal", 0.0, 2.0 / 160}}) {
    CAPTURE(std::string(c.text));
    const Moments m = moments(draw(c.text, rows, cols));
    CHECK(std::abs(m.mean - c.mean) < 4 * std::sqrt(c.variance) / 200);
    CHECK(std::abs(m.variance - c.variance) < 4 * c.variance * std::sqrt(2.0) / 200);
  }
}

TEST_CASE("uniform with one number reaches equally far to both sides, and never beyond") {
  const Moments m = moments(draw("uniform(0.3)", 200, 200));
  CHECK(m.low >= -0.3);
  CHECK(m.low < -0.2999);
  CHECK(m.high < 0.3);
  CHECK(m.high > 0.2999);
}

TEST_CASE(
    "an orthogonal tensor has orthonormal rows or columns, whichever are fewer, times the gain") {
  const Eigen::MatrixXd tall = matrix(draw("orthogonal(gain=1.5)", 40, 24), 40, 24);
  const Eigen::MatrixXd wide = matrix(draw("orthogonal", 24, 40), 24, 40);
  const Eigen::MatrixXd unit = Eigen::MatrixXd::Identity(24, 24);
  CHECK((tall.transpose() * tall - 2.25 * unit).cwiseAbs().maxCoeff() < 1e-14);
  CHECK((wide * wide.transpose() - unit).cwiseAbs().maxCoeff() < 1e-14);
}

TEST_CASE(
    "a sparse tensor has exactly the asked number of entries, of variance gain squared over "
    "density N") {
  const std::vector<double> values = draw("sparse_normal(density=0.1, gain=1.4)", 300, 300);
  std::vector<double> filled;
  std::copy_if(values.begin(), values.end(), std::back_inserter(filled),
               [](double value) { return value != 0; });
  CHECK(filled.size() == 9000);
  const double variance = 1.4 * 1.4 / 30;
  CHECK(std::abs(moments(filled).variance - variance) < 4 * variance * std::sqrt(2.0 / 9000));
}

TEST_CASE(
    "reflections have length 1 and are zero above the diagonal, the last of a square a sign") {
  for (const std::int64_t cols : {5, 12}) {
    const Eigen::MatrixXd U = matrix(draw("householder", 12, cols), 12, cols);
    CHECK(Eigen::MatrixXd(U.triangularView<Eigen::StrictlyUpper>()).isZero(0));
    CHECK((U.colwise().norm().array() - 1).abs().maxCoeff() < 1e-15);
    CHECK((U.array() != 0).count() == 12 * cols - cols * (cols - 1) / 2);
  }
}

TEST_CASE("henaff and cayley draw skew matrices of 2 x 2 blocks between their bounds") {
  struct Case {
    const char* text;
    double low, mean;
  };
  // The mean of -tan(u/2), u in (0, pi/2), is -(4/pi) ln sqrt 2.
  for (const Case& c : {Case{"henaff", -std::numbers::pi, -std::numbers::pi / 2},
                        Case{"cayley", -1, -2 / std::numbers::pi * std::log(2.0)}}) {
    CAPTURE(std::string(c.text));
    Eigen::MatrixXd A = matrix(draw(c.text, 801, 801), 801, 801);
    CHECK((A + A.transpose()).isZero(0));
    std::vector<double> s;
    for (std::int64_t i = 0; i + 1 < 801; i += 2) {
      s.push_back(A(i, i + 1));
      A(i, i + 1) = A(i + 1, i) = 0;
    }
    CHECK(A.isZero(0));
    const Moments m = moments(s);
    CHECK(m.low > c.low);
    CHECK(m.low < 0.97 * c.low);
    CHECK(m.high < 0);
    CHECK(m.high > 0.03 * c.low);
    CHECK(std::abs(m.mean - c.mean) < 4 * std::sqrt(m.variance / 400));
  }
}

TEST_CASE("constants and identities are exact") {
  CHECK(draw("zeros", 2, 2) == std::vector<double>{0, 0, 0, 0});
  CHECK(draw(" ones ", 2, 1) == std::vector<double>{1, 1});
  CHECK(draw("constant(-2.5)", 1, 2) == std::vector<double>{-2.5, -2.5});
  CHECK(draw("identity(0.5)", 2, 3) == std::vector<double>{0.5, 0, 0, 0.5, 0, 0});
}

TEST_CASE("the same stream gives the same tensor") {
  CHECK(draw("xavier_normal", 5, 7) == draw("xavier_normal", 5, 7));
}

TEST_CASE("a bad initialiser gets a sentence that says what to write") {
  CHECK(refusal("xavier_norml") ==
        "initialiser 'xavier_norml': there is no 'xavier_norml'; did you mean 'xavier_normal'?");
  CHECK(refusal("glorot") ==
        "initialiser 'glorot': there is no 'glorot'; the known ones are zeros, ones, constant, "
        "identity, uniform, normal, xavier_uniform, xavier_normal, kaiming_uniform, "
        "kaiming_normal, orthogonal, sparse_normal, householder, henaff, cayley");
  CHECK(refusal("normal(0, stdd=1)") ==
        "initialiser 'normal(0, stdd=1)': no argument is called 'stdd'; did you mean 'std'?");
  CHECK(refusal("normal(0, -1)") ==
        "initialiser 'normal(0, -1)': std = -1 is outside 0 .. 1.7976931348623157e+308");
  CHECK(refusal("uniform(2, 1)") ==
        "initialiser 'uniform(2, 1)': the lower bound 2 is above the upper one 1");
  CHECK(refusal("uniform") == "initialiser 'uniform': 'low' must be given");
  CHECK(refusal("zeros(1)") == "initialiser 'zeros(1)': takes at most 0 arguments");
  CHECK(refusal("uniform(a)") == "initialiser 'uniform(a)': 'a' is not a number");
  CHECK(refusal("uniform(0.1") == "initialiser 'uniform(0.1': the closing parenthesis is missing");
  CHECK(refusal("normal(1, mean=2)") == "initialiser 'normal(1, mean=2)': 'mean' is given twice");
  CHECK(refusal("") ==
        "initialiser '': there is no ''; the known ones are zeros, ones, constant, "
        "identity, uniform, normal, xavier_uniform, xavier_normal, kaiming_uniform, "
        "kaiming_normal, orthogonal, sparse_normal, householder, henaff, cayley");
}
