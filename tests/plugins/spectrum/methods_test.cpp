// tests/plugins/spectrum/methods_test.cpp - LU, Householder and Gram-Schmidt in long double agree,
// whatever is multiplied.
#include <doctest/doctest.h>

#include <Eigen/LU>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "linalg/factorise.hpp"
#include "reference.hpp"
#include "small_kernel.hpp"

using namespace small_kernel;
using reference::distance;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// J_t = diag(1 - tanh^2 a_t) W with a_t ~ N(0, spread^2): a driven tanh network.
std::vector<Matrix> tanh_network(const Matrix& W, Index steps, double spread) {
  std::vector<Matrix> all;
  for (Index t = 0; t < steps; ++t) {
    const Matrix a = spread * reference::random(W.rows(), 1, "a" + std::to_string(t));
    all.emplace_back((1 / a.array().cosh().square()).matrix().asDiagonal() * W);
  }
  return all;
}

/// J_t = D_t W, D_t zero or one.
std::vector<Matrix> relu_network(const Matrix& W, Index steps, double alive) {
  std::vector<Matrix> all;
  for (Index t = 0; t < steps; ++t) {
    const Matrix u = reference::uniform(W.rows(), 1, 1, "u" + std::to_string(t));
    all.emplace_back((u.array() < 2 * alive - 1).cast<double>().matrix().asDiagonal() * W);
  }
  return all;
}

Index most_dead_rows(const std::vector<Matrix>& jacobians) {
  Index most = 0;
  for (const Matrix& J : jacobians)
    most = std::max<Index>(most, (J.rowwise().squaredNorm().array() == 0).count());
  return most;
}

/// Both methods against the reference, and each other.
void check_methods(const std::vector<Matrix>& jacobians, double tolerance) {
  const Index n = jacobians.front().rows();
  const auto steps = static_cast<Index>(jacobians.size());
  const Vector exact = reference::exponents(jacobians, n);
  const Vector lu = exponents(prescribed(jacobians), steps, {{"method", "lu"}});
  const Vector householder = exponents(prescribed(jacobians), steps, {{"method", "householder"}});
  CHECK(distance(lu, exact) < tolerance);
  CHECK(distance(householder, exact) < tolerance);
  CHECK(distance(lu, householder) < tolerance);
}

}  // namespace

TEST_CASE("LU and Householder give the exponents of random products") {
  for (const Index n : {2, 8, 16, 32, 64}) {
    CAPTURE(n);
    const double root = std::sqrt(static_cast<double>(n));
    const std::string size = std::to_string(n);
    check_methods(tanh_network(reference::random(n, n, "g1" + size) / root, 40, 0.5), 1e-12);
    check_methods(tanh_network(4 * reference::random(n, n, "g4" + size) / root, 40, 3), 1e-9);
  }
}

TEST_CASE("LU keeps its digits where saturation leaves rows of very different sizes") {
  // Slopes down to 1e-21 in one Jacobian: Householder mixes the small rows with the large ones and
  // is off by up to 1 nat; row pivoting does not.
  for (const Index n : {2, 8, 16, 32, 64}) {
    CAPTURE(n);
    const double bound = 11 / std::sqrt(static_cast<double>(n));
    const auto jacobians =
        tanh_network(reference::uniform(n, n, bound, "u11" + std::to_string(n)), 40, 8);
    CHECK(distance(exponents(prescribed(jacobians), 40, {{"method", "lu"}}),
                   reference::exponents(jacobians, n)) < 1e-9);
  }
}

TEST_CASE("the first k exponents are those of all") {
  const auto jacobians = tanh_network(reference::random(12, 12, "W"), 30, 1);
  const Vector all = exponents(prescribed(jacobians), 30);
  for (const char* method : {"lu", "householder"})
    for (const Index k : {1, 2, 5, 11, 12})
      CHECK(distance(exponents(prescribed(jacobians), 30,
                               {{"count", std::to_string(k)}, {"method", method}}),
                     all.head(k)) < 1e-12);
}

TEST_CASE("T_ON above one changes nothing that rounding does not hide, its last block included") {
  const auto jacobians = tanh_network(0.8 * reference::random(6, 6, "W"), 20, 0.3);
  const Vector each = exponents(prescribed(jacobians), 20);
  for (const char* method : {"lu", "householder"})
    for (const auto& [every, tolerance] :
         {std::pair{"2", 1e-12}, {"5", 1e-11}, {"7", 1e-11}, {"20", 1e-7}, {"1000", 1e-7}})
      // 20 steps spread the directions by a factor 1e8, which costs so many digits.
      CHECK(distance(exponents(prescribed(jacobians), 20, {{"every", every}, {"method", method}}),
                     each) < tolerance);
}

TEST_CASE("with tail dropped the steps after the last block are lost while T stays") {
  const auto jacobians = tanh_network(reference::random(4, 4, "W"), 20, 0.3);
  const Vector lost = exponents(prescribed(jacobians), 20, {{"every", "7"}, {"tail", "drop"}});
  const Vector first = exponents(prescribed(jacobians), 14, {{"every", "7"}});
  CHECK(distance(lost * 20, first * 14) < 1e-13);
}

TEST_CASE("products over many steps neither overflow nor underflow") {
  const Matrix small = 1e-3 * Matrix::Identity(3, 3), large = 1e3 * Matrix::Identity(3, 3);
  const Options options{{"every", "500"}};
  CHECK(distance(exponents(prescribed({small}), 1000, options),
                 Vector::Constant(3, std::log(1e-3))) < 1e-13);
  CHECK(distance(exponents(prescribed({large}), 1000, options),
                 Vector::Constant(3, std::log(1e3))) < 1e-13);
}

TEST_CASE("the growth of the warm-up is not counted, its directions are kept") {
  const auto jacobians = tanh_network(reference::random(8, 8, "W"), 25, 0.5);
  const Vector whole = reference::exponents(jacobians, 8);
  const Vector before = reference::exponents({jacobians.begin(), jacobians.begin() + 5}, 8);
  const Vector expected = (25 * whole - 5 * before) / 20;
  for (const char* warmup_qr : {"every", "end"})
    for (const char* method : {"lu", "householder"})
      CHECK(distance(exponents(prescribed(jacobians), 20,
                               {{"warmup", "5"}, {"warmup_qr", warmup_qr}, {"method", method}}),
                     expected) < 1e-11);
}

TEST_CASE("random first vectors are orthonormal and come from their own stream") {
  const auto jacobians = tanh_network(reference::random(7, 7, "W"), 15, 0.5);
  Matrix first(7, 4);
  lyap::framework::Random(1, "spectrum/q0").fill_normal({first.data(), 28});
  Vector diagonal(4);
  lyap::framework::qr(first, {diagonal.data(), 4});
  CHECK(
      distance(exponents(prescribed(jacobians), 15, {{"q0", "random_orthonormal"}, {"count", "4"}}),
               reference::exponents(jacobians, first)) < 1e-12);
}

TEST_CASE("dead units take away the last exponents and leave the others right") {
  for (const Index n : {8, 32}) {
    CAPTURE(n);
    // Saturated: weights uniform in (-30, 30), and 30 % of the units dead at any step.
    const auto jacobians = relu_network(reference::uniform(n, n, 30, "W"), 40, 0.7);
    const Index defined = n - most_dead_rows(jacobians);
    const Vector exact = reference::exponents(jacobians, defined);
    const Outcome lu =
        measure(prescribed(jacobians), {}, {{"sequences", "1"}, {"steps", "40"}, {"method", "lu"}});
    CHECK(distance(lu.exponents().head(defined), exact) < 1e-11);
    CHECK((lu.exponents().tail(n - defined).array() == -infinity).all());
    CHECK(lu["dead"].vector().sum() == static_cast<double>(n - defined));
    const Vector householder = exponents(prescribed(jacobians), 40, {{"method", "householder"}});
    CHECK(distance(householder.head(defined), exact) < 1e-11);
    // Householder leaves rounding where LU leaves zeros.
    CHECK((householder.tail(n - defined).array() < exact.minCoeff()).all());
  }
}

TEST_CASE("a direction that dies takes nothing from those after it") {
  // One exponent of [0 1; 0 0] is minus infinity: the second column still has length 1.
  const Matrix shift{{0.0, 1.0}, {0.0, 0.0}}, unit = Matrix::Identity(2, 2);
  for (const char* method : {"lu", "householder"}) {
    const Vector found = exponents(prescribed({shift, 2 * unit}), 2, {{"method", method}});
    CHECK(found[0] == -infinity);
    CHECK(found[1] == doctest::Approx(std::log(2.0) / 2).epsilon(1e-15));
  }

  // Column 1 and 4 of the first Jacobian vanish: the others grow as if they had never been there.
  auto jacobians = tanh_network(reference::random(6, 6, "W"), 20, 0.5);
  jacobians[0].col(1).setZero();
  jacobians[0].col(4).setZero();
  const Matrix first = Matrix::Identity(6, 6)(Eigen::all, std::vector<Index>{0, 2, 3, 5});
  const Vector exact = reference::exponents(jacobians, first);
  for (const char* method : {"lu", "householder"}) {
    const Vector found = exponents(prescribed(jacobians), 20, {{"method", method}});
    CHECK(found[1] == -infinity);
    CHECK(found[4] == -infinity);
    CHECK(distance(found(std::vector<Index>{0, 2, 3, 5}), exact) < 1e-12);
  }
}

TEST_CASE("with weights of zero everything is dead and nothing is NaN") {
  for (const char* method : {"lu", "householder"})
    for (const char* count : {"0", "1", "2"}) {
      const Outcome found = measure(prescribed({Matrix::Zero(3, 3)}), {},
                                    {{"sequences", "2"},
                                     {"steps", "5"},
                                     {"warmup", "1"},
                                     {"method", method},
                                     {"count", count}});
      for (const double x : found.exponents()) CHECK(x == -infinity);
      for (const double x : found["dead"].vector()) CHECK(x == 2);
      for (const double x : found["deviation"].vector()) CHECK(std::isnan(x));
      for (const double x : found["history"].vector()) CHECK(x == -infinity);
    }
}

TEST_CASE("a direction dead in one sequence is averaged over the others") {
  const System system{2, [](Index, Index, const Vector&, const Vector& s) { return s; },
                      [](Index t, Index b, const Vector&, const Vector&) {
                        Matrix J = Matrix::Identity(2, 2);
                        J(0, 0) = static_cast<double>(b + 2);
                        if (b == 1 && t == 3) J(1, 1) = 0;
                        return J;
                      }};
  const Outcome found = measure(system, {}, {{"sequences", "3"}, {"steps", "4"}});
  CHECK(found["per_sequence"].matrix()(1, 1) == -infinity);
  CHECK(found["per_sequence"].matrix()(1, 0) == doctest::Approx(std::log(3.0)));
  CHECK(found.exponents()[1] == 0);
  CHECK(found.exponents()[0] ==
        doctest::Approx((std::log(2.0) + std::log(3.0) + std::log(4.0)) / 3));
  CHECK(found["dead"].vector() == Vector{{0.0, 1.0}});
  CHECK(found["deviation"].vector()[1] == 0);
}

TEST_CASE("clamped zeros count as the smallest normal number") {
  const Matrix J{{1.0, 0.0}, {0.0, 0.0}};
  for (const char* method : {"lu", "householder"}) {
    const Vector found =
        exponents(prescribed({J}), 3, {{"zero_policy", "clamp"}, {"method", method}});
    CHECK(found[0] == 0);
    CHECK(found[1] == doctest::Approx(std::log(2.2250738585072014e-308)).epsilon(1e-15));
  }
}

TEST_CASE("points of the history are the exponents of so many steps") {
  for (const Index n : {5, 16, 33, 64}) {
    CAPTURE(n);
    const auto jacobians =
        tanh_network(2 * reference::random(n, n, "W") / std::sqrt(static_cast<double>(n)), 24, 1);
    for (const Index k : {n, n - 2}) {
      const Outcome all = measure(
          prescribed(jacobians), {},
          {{"sequences", "1"}, {"steps", "24"}, {"history", "6"}, {"count", std::to_string(k)}});
      for (Index mark = 0; mark < 6; ++mark)
        // The history squares the condition of L, about 100 here, in the last product alone.
        CHECK(distance(all["history"].matrix().row(mark).transpose(),
                       exponents(prescribed(jacobians), 4 * (mark + 1),
                                 {{"count", std::to_string(k)}})) < 1e-11);
    }
  }
}

TEST_CASE("the number of workers changes no bit") {
  const System system{20, [](Index, Index, const Vector&, const Vector& s) { return s; },
                      [](Index t, Index b, const Vector&, const Vector&) {
                        return reference::random(20, 20,
                                                 std::to_string(t) + "/" + std::to_string(b));
                      }};
  for (const char* count : {"0", "7", "1"}) {
    const Options options{{"sequences", "5"}, {"steps", "12"}, {"warmup", "3"}, {"count", count}};
    const Outcome one = measure(system, {}, options, nullptr, false, 1);
    for (const int workers : {2, 3}) {
      const Outcome several = measure(system, {}, options, nullptr, false, workers);
      for (const auto& [port, result] : one.results)
        CHECK(std::memcmp(result.values.data(), several[port].values.data(),
                          result.values.size() * sizeof(double)) == 0);
    }
  }
}

TEST_CASE("many runs, which step forward in groups, each have the exponents they have alone") {
  const auto J = [](Index t, Index b) {
    return reference::random(6, 6, std::to_string(t) + "/" + std::to_string(b));
  };
  const System system{6, [](Index, Index, const Vector&, const Vector& s) { return s; },
                      [J](Index t, Index b, const Vector&, const Vector&) { return J(t, b); }};
  for (const char* count : {"0", "1"})
    for (const char* orientation : {"forward", "transposed"}) {
      const Options options{
          {"steps", "9"}, {"warmup", "2"}, {"count", count}, {"orientation", orientation}};
      Options of_all = options, of_one = options;
      of_all["sequences"] = "21", of_one["sequences"] = "1";
      const Matrix together = measure(system, {}, of_all)["per_sequence"].matrix();
      REQUIRE(together.rows() == 21);
      for (const Index b : {0, 6, 7, 13, 14, 20}) {
        const System alone{6, system.map, [J, b](Index t, Index, const Vector&, const Vector&) {
                             return J(t, b);
                           }};
        CHECK(measure(alone, {}, of_one).exponents() == together.row(b).transpose());
      }
    }
}

TEST_CASE("the sum of all exponents is the mean of ln det J") {
  const auto jacobians = tanh_network(reference::random(16, 16, "W") / 4, 30, 0.5);
  double log_det = 0;
  for (const Matrix& J : jacobians) log_det += std::log(std::abs(J.determinant())) / 30;
  for (const char* every : {"1", "3"}) {
    const Outcome found =
        measure(prescribed(jacobians), {}, {{"sequences", "2"}, {"steps", "30"}, {"every", every}});
    CHECK(std::abs(found["log_det"].values[0] - log_det) < 1e-12);
    CHECK(std::isnan(found["log_det"].values[1]));
    CHECK(std::abs(found["sum"].values[0] - log_det) < 1e-10);
    CHECK(found.notes.at("log_det.self_check").find("differs from the sum by ") == 0);
  }
  const Outcome part = measure(prescribed(jacobians), {}, {{"steps", "30"}, {"count", "3"}});
  CHECK(std::isnan(part["log_det"].values[0]));
}
