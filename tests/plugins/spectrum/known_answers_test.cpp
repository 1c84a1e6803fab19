// tests/plugins/spectrum/known_answers_test.cpp - systems whose exponents are known in closed form.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "data/safetensors.hpp"
#include "linalg/factorise.hpp"
#include "reference.hpp"
#include "small_kernel.hpp"

using namespace small_kernel;
using reference::distance;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// A tensor of tests/oracles/known, its last index along the columns.
Matrix known(const std::string& file, const std::string& name) {
  const std::filesystem::path path =
      std::filesystem::path(LYAP_SOURCE_DIR) / "tests/oracles/known" / (file + ".safetensors");
  const auto tensors = lyap::framework::read_safetensors(path);
  const auto& tensor = tensors.tensor(name, path);
  const std::vector<double> values = tensor.to_doubles();
  const Index cols = tensor.shape.back(), rows = tensor.count() / cols;
  return Eigen::Map<const Matrix>(values.data(), cols, rows).transpose();
}

Matrix orthogonal(Index n, const std::string& name) {
  Matrix Q = reference::random(n, n, name);
  Vector diagonal(n);
  lyap::framework::qr(Q, {diagonal.data(), static_cast<std::size_t>(n)});
  return Q;
}

Options with_warmup(const char* warmup) {
  return {{"warmup", warmup}};
}

}  // namespace

TEST_CASE("an orthogonal recurrence scaled by s has every exponent equal to ln s") {
  for (const Index n : {1, 2, 8, 33}) {
    const System system = prescribed({0.9 * orthogonal(n, "a"), 0.9 * orthogonal(n, "b")});
    for (const char* method : {"lu", "householder"})
      CHECK(distance(exponents(system, 100, {{"method", method}}),
                     Vector::Constant(n, std::log(0.9))) < 1e-14);
  }
}

TEST_CASE("a diagonal system has the mean logarithms of its factors, in the order of the state") {
  Matrix a = Matrix::Zero(3, 3), b = a;
  a.diagonal() << 0.5, -2, 1e-8;
  b.diagonal() << 0.25, 3, 1e-4;
  const Vector found = exponents(prescribed({a, b}), 10);
  CHECK(found[0] == doctest::Approx(std::log(0.125) / 2).epsilon(1e-15));
  CHECK(found[1] == doctest::Approx(std::log(6.0) / 2).epsilon(1e-15));
  CHECK(found[2] == doctest::Approx(std::log(1e-12) / 2).epsilon(1e-15));
  const Vector sorted = exponents(prescribed({a, b}), 10, {{"sort", "on"}});
  CHECK(sorted[0] == found[1]);
  CHECK(sorted[1] == found[0]);
  CHECK(sorted[2] == found[2]);
}

TEST_CASE("a linear network has the logarithms of the moduli of its eigenvalues") {
  for (const char* kind : {"real", "sym"}) {
    const System system = prescribed({known("linear", std::string(kind) + ".V")});
    const Vector expected = known("linear", std::string(kind) + ".le").transpose();
    // After 300 steps of warm-up the vectors have turned to rounding; the oracle's own error:
    // 3e-15.
    CHECK(distance(exponents(system, 100, with_warmup("300")), expected) < 1e-13);
    CHECK(distance(exponents(system, 1000, with_warmup("300")), expected) < 1e-13);
  }
}

TEST_CASE("complex pairs of eigenvalues share the sum of their exponents") {
  const Vector found = exponents(prescribed({known("linear", "pairs.V")}), 100, with_warmup("300"));
  const Vector expected = known("linear", "pairs.le").transpose();
  for (Index i = 0; i < found.size(); i += 2)
    CHECK(std::abs(found[i] + found[i + 1] - expected[i] - expected[i + 1]) < 1e-13);
}

TEST_CASE("the product is taken in the order of time, rows of J being outputs") {
  // A transposed or reversed product gives other exponents: 0.02 apart for the first.
  const System system =
      prescribed({known("period3", "J1"), known("period3", "J2"), known("period3", "J3")});
  const Vector expected = known("period3", "le").transpose();
  const Vector found = exponents(system, 300, with_warmup("600"));
  for (const Index i : {0, 1, 4, 5}) CHECK(std::abs(found[i] - expected[i]) < 1e-12);
  // Indices 2 and 3 are a complex pair, which turns for ever.
  CHECK(std::abs(found[2] + found[3] - expected[2] - expected[3]) < 1e-12);
}

TEST_CASE("the transposed orientation multiplies by the transposes in the order of time") {
  const Matrix J1 = known("period3", "J1"), J2 = known("period3", "J2"),
               J3 = known("period3", "J3");
  Options options = with_warmup("600");
  options["orientation"] = "transposed";
  const Vector found = exponents(prescribed({J1, J2, J3}), 300, options);
  // ln|eig(J1 J2 J3)| / 3, by NumPy.
  CHECK(std::abs(found[0] + 0.1392434982196045) < 1e-12);
  CHECK(std::abs(found[1] + 0.3289889552830027) < 1e-12);
  CHECK(std::abs(found[2] + found[3] + 2 * 1.2213428077847328) < 1e-12);
  CHECK(std::abs(found[4] + found[5] + 2 * 2.2636200822194312) < 1e-12);

  const Matrix t1 = J1.transpose(), t2 = J2.transpose(), t3 = J3.transpose();
  for (const char* method : {"lu", "householder"})
    for (const char* count : {"0", "2", "1"})
      CHECK(distance(
                exponents(prescribed({J1, J2, J3}), 30,
                          {{"orientation", "transposed"}, {"method", method}, {"count", count}}),
                exponents(prescribed({t1, t2, t3}), 30, {{"method", method}, {"count", count}})) <
            1e-13);
}

TEST_CASE("the Henon map has exponents 0.4192 and -1.6232 that sum to ln 0.3") {
  const System henon{2,
                     [](Index, Index, const Vector&, const Vector& s) {
                       return Vector{{1 - 1.4 * s[0] * s[0] + s[1], 0.3 * s[0]}};
                     },
                     [](Index, Index, const Vector&, const Vector& s) {
                       return Matrix{{-2.8 * s[0], 1.0}, {0.3, 0.0}};
                     },
                     1,
                     2,
                     1000};
  const Outcome found =
      measure(henon, {}, {{"sequences", "1"}, {"steps", "100000"}, {"warmup", "100"}});
  // One run of 1e5 steps scatters by 0.0012.
  CHECK(std::abs(found.exponents()[0] - 0.41922) < 4 * 0.0012);
  CHECK(std::abs(found.exponents()[1] + 1.62319) < 4 * 0.0012);
  CHECK(std::abs(found.exponents().sum() - std::log(0.3)) < 1e-13);
  // 1e5 equal terms round the same way each.
  CHECK(std::abs(found["log_det"].values[0] - std::log(0.3)) < 1e-11);
  // D = 1 + lambda_1 / |lambda_2| = 1.258.
  CHECK(std::abs(found["kaplan_yorke"].values[0] - 1.258) < 0.002);
  CHECK(found["positive_sum"].values[0] == found.exponents()[0]);
}

TEST_CASE("the logistic map at r = 4 has exponent ln 2 but for its two ends") {
  const auto map = [](double x) { return 4 * x * (1 - x); };
  const System logistic{
      1,
      [map](Index, Index, const Vector&, const Vector& s) { return Vector{{map(s[0])}}; },
      [](Index, Index, const Vector&, const Vector& s) { return Matrix{{4 - 8 * s[0]}}; },
      1,
      1,
      1000};
  const double first = 0.3;
  double last = first;
  for (int t = 0; t < 10'000; ++t) last = map(last);
  const Matrix start{{first}};
  const Outcome found = measure(logistic, {}, {{"sequences", "1"}, {"steps", "10000"}}, &start);
  const double exact =
      std::numbers::ln2 + std::log(last * (1 - last) / (first * (1 - first))) / (2 * 10'000.0);
  CHECK(std::abs(found.exponents()[0] - exact) < 1e-11);
}

TEST_CASE("two ReLU units that make a tent map have exponents ln 1.9 and minus infinity") {
  const Matrix V{{1.9, -3.8}, {1.9, -3.8}};
  const Vector b{{0.0, -0.5}};
  const System tent{2,
                    [=](Index, Index, const Vector&, const Vector& s) {
                      return Vector((V * s + b).cwiseMax(0.0));
                    },
                    [=](Index, Index, const Vector&, const Vector& s) {
                      const Vector alive = ((V * s + b).array() > 0).cast<double>();
                      return Matrix(alive.asDiagonal() * V);
                    }};
  const Matrix start{{0.3}, {0.0}};
  const Outcome found = measure(tent, {}, {{"sequences", "1"}, {"steps", "1000"}}, &start);
  CHECK(std::abs(found.exponents()[0] - std::log(1.9)) < 1e-3);
  CHECK(found.exponents()[1] == -infinity);
  CHECK(found["dead"].vector() == Vector{{0.0, 1.0}});
  CHECK(found["sum"].values[0] == -infinity);
  CHECK(found["log_det"].values[0] == -infinity);
  CHECK(found["kaplan_yorke"].values[0] == 1);
  CHECK(found.warnings.empty());
}
