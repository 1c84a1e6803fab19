// tests/plugins/perturbation/comparison_test.cpp - tests of means against numbers worked by hand
// and against a published table.
#include "perturbation/comparison.hpp"

#include <doctest/doctest.h>

using namespace lyap::perturbation;
using doctest::Approx;

TEST_CASE("the standard error, z, Welch's t and its degrees of freedom, by hand") {
  // Means 3 and 1, variances 10/4 and 2/3: SE^2 = 1/2 + 1/6 = 2/3.
  const Comparison c =
      compare(sample_of(std::vector{1., 2., 3., 4., 5.}), sample_of(std::vector{0., 1., 2., 1.}));
  CHECK(c.difference == Approx(2).epsilon(1e-15));
  CHECK(c.standard_error == Approx(std::sqrt(2.0 / 3)).epsilon(1e-15));
  CHECK(c.welch_t == Approx(std::sqrt(6.0)).epsilon(1e-15));
  // (2/3)^2 / ((1/2)^2/4 + (1/6)^2/3) = 192/31
  CHECK(c.welch_df == Approx(192.0 / 31).epsilon(1e-14));
  CHECK(c.z_p == Approx(std::erfc(std::sqrt(3.0)) / 2).epsilon(1e-14));
  // Student's t with 192/31 degrees of freedom integrated numerically to 40 digits.
  CHECK(c.welch_p == Approx(0.0242854610687421158931).epsilon(1e-12));
}

TEST_CASE("paired differences against zero, with the closed form of Student's t at 2 degrees") {
  const Paired paired = compare_with_zero(sample_of(std::vector{1., 2., 3.}));
  const double t = 2 * std::sqrt(3.0);
  CHECK(paired.t == Approx(t).epsilon(1e-15));
  CHECK(paired.p == Approx(0.5 - t / (2 * std::sqrt(2 + t * t))).epsilon(1e-13));
}

TEST_CASE("Holm's correction of the example in the manual of R's p.adjust") {
  const std::vector<double> corrected = holm({0.01, 0.04, missing, 0.03, 0.005});
  CHECK(corrected[0] == Approx(0.03).epsilon(1e-15));
  CHECK(corrected[1] == Approx(0.06).epsilon(1e-15));
  CHECK(std::isnan(corrected[2]));
  CHECK(corrected[3] == Approx(0.06).epsilon(1e-15));
  CHECK(corrected[4] == Approx(0.02).epsilon(1e-15));
  CHECK(holm({0.5, 0.9}) == std::vector<double>{1, 1});
}

TEST_CASE("samples without a variance are not tested") {
  const Comparison one = compare(sample_of(std::vector{1.}), sample_of(std::vector{0., 1.}));
  CHECK(one.difference == 0.5);
  CHECK(std::isnan(one.z_p));
  CHECK(std::isnan(one.welch_p));
  const std::vector same{2., 2.};
  CHECK(std::isnan(compare(sample_of(same), sample_of(same)).z_p));
  CHECK(std::isnan(compare_with_zero(sample_of(same)).p));
}

TEST_CASE("the published p-values are one-sided z tests with the printed error as the error") {
  struct Row {
    double difference, error, p;
  };
  const Row published[] = {{-0.028, 0.009, 0.998}, {-0.008, 0.084, 0.540}, {0.025, 0.303, 0.468},
                           {0.313, 0.341, 0.179},  {0.794, 0.523, 0.065},  {0.814, 0.475, 0.043},
                           {1.050, 0.530, 0.024},  {1.363, 0.824, 0.049}};
  for (const Row& row : published) {
    CAPTURE(row.p);
    // Every column was rounded to three decimals.
    const double half = 0.0005;
    const auto p = [&](double by) {
      const double difference = row.difference + by;
      return upper_tail(difference / (row.error + (difference > 0 ? -by : by)));
    };
    CHECK(p(half) <= row.p + half);
    CHECK(p(-half) >= row.p - half);
  }
}
