// tests/plugins/studies/evolve_test.cpp - spectra that settle by a known law.
#include "small_study.hpp"

using namespace studied;
using doctest::Approx;

namespace {

MeasuredArray epochs(std::vector<double> values) {
  const auto n = static_cast<std::int64_t>(values.size());
  return array("epoch[checkpoint]", {n}, std::move(values));
}
/// Networks of two exponents -1 and -3 that jump by +-sqrt(scale e^power) into epoch e, after which
/// D(e) = scale e^power exactly.
std::vector<double> settling(std::int64_t last, double power, double scale) {
  std::vector<double> values{-1, -3};
  for (std::int64_t e = 1; e <= last; ++e) {
    const double by = std::sqrt(scale * std::pow(static_cast<double>(e), power));
    values.push_back(values[values.size() - 2] + by);
    values.push_back(values[values.size() - 2] - by);
  }
  return values;
}
std::vector<double> joined(std::vector<double> a, const std::vector<double>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

TEST_CASE("changes, means and distances of a spectrum, by hand") {
  const Measurement m = study(
      "evolve", "",
      {{"spectra", spectra_of(1, 3, 2, {-2, -4, -1, -1, 0, -1})}, {"epoch", epochs({0, 1, 2})}});
  const auto D = Field(m, "change").values();
  CHECK(std::isnan(D[0]));
  CHECK(D[1] == 5);
  CHECK(D[2] == 0.5);
  const auto relative = Field(m, "relative_change").values();
  CHECK(relative[1] == 1);
  CHECK(relative[2] == Approx(0.1).epsilon(1e-15));
  CHECK(Field(m, "mean").values() == std::vector<double>{-3, -1, -0.5});
  CHECK(Field(m, "distance").values() == std::vector<double>{2.5, 0.5, 0});
  CHECK(Field(m, "slope").values()[0] == Approx(std::log(0.1) / std::log(2.0)).epsilon(1e-14));
  CHECK(std::isnan(Field(m, "slope_error").values()[0]));
  CHECK(Field(m, "change").note("table") ==
        "means over n networks; D in (nats/step)^2, M in nats/step\n"
        "epoch  D(e)  1/e  n  M(last)-M(e)  smallest  n\n"
        "0         -    -  0           2.5       2.5  1\n"
        "1         5    5  1           0.5       0.5  1\n"
        "2       0.5  2.5  1             0         0  1");
}

TEST_CASE("the exponent of a power law comes back, network by network and group by group") {
  std::vector<double> values;
  for (const double power : {-1.0, -1.5, -0.5, -2.0})
    values = joined(values, settling(15, power, 0.3 - 0.1 * power));
  std::vector<double> axis(16);
  for (std::size_t e = 0; e < 16; ++e) axis[e] = static_cast<double>(e);
  const Measurement m = study("evolve", "normalise: on",
                              {{"spectra", spectra_of(4, 16, 2, values)},
                               {"epoch", epochs(axis)},
                               {"group", column("group", {0, 1, 0, 1}, "small large")}});
  const auto slope = Field(m, "slope").values(), error = Field(m, "slope_error").values();
  const double powers[] = {-1, -1.5, -0.5, -2};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(slope[i] == Approx(powers[i]).epsilon(1e-12));
    CHECK(error[i] < 1e-12);
  }
  // Of -1 and -0.5: mean -0.75, deviation 0.5/sqrt 2, over sqrt 2.
  CHECK(Field(m, "group_slope").values()[0] == Approx(-0.75).epsilon(1e-12));
  CHECK(Field(m, "group_slope_error").values()[0] == Approx(0.25).epsilon(1e-12));
  CHECK(Field(m, "groups").note("flag_meanings") == "small large");
  CHECK(Field(m, "group_slope").note("table") ==
        "ln D over ln e   slope     SE  networks\n"
        "small           -0.750  0.250         2\n"
        "large           -1.750  0.250         2\n"
        "1/e             -1.000");
  CHECK(contains(Field(m, "change").note("table"), "D(e)/D(first)"));
}

TEST_CASE("the law 1/e is its own reference") {
  const Measurement m = study(
      "evolve", "",
      {{"spectra", spectra_of(1, 5, 2, settling(4, -1, 1))}, {"epoch", epochs({0, 1, 2, 3, 4})}});
  CHECK(contains(Field(m, "change").note("table"), "4       0.25   0.25"));
}

TEST_CASE("a spectrum that is not finite takes its two changes with it, and that is said") {
  const Place place;
  const Measurement m = study("evolve", "",
                              {{"spectra", spectra_of(2, 4, 1,
                                                      {-1, -inf, -3, -2.5,  //
                                                       -1, 0, 1, missing})},
                               {"epoch", epochs({0, 1, 2, 3})}},
                              place);
  const auto D = Field(m, "change").values(), distance = Field(m, "distance").values();
  CHECK(std::isnan(D[1]));
  CHECK(std::isnan(D[2]));
  CHECK(D[3] == 0.25);
  CHECK(distance[0] == -1.5);
  CHECK(std::isnan(distance[1]));
  CHECK(distance[4] == 2);
  CHECK(distance[6] == 0);
  REQUIRE(place.warnings.size() == 1);
  CHECK(contains(place.warnings[0], "2 of 8 spectra are missing or not finite"));
}

TEST_CASE("checkpoints that skip epochs are warned of, those that do not ascend refused") {
  const Place place;
  const auto spectra = spectra_of(1, 3, 1, {-1, -2, -2.5});
  study("evolve", "", {{"spectra", spectra}, {"epoch", epochs({0, 4, 15})}}, place);
  REQUIRE(place.warnings.size() == 1);
  CHECK(contains(place.warnings[0], "checkpoints are not successive epochs (0 to 4, 4 to 15)"));
  CHECK(contains(refusal([&] {
                   study("evolve", "", {{"spectra", spectra}, {"epoch", epochs({0, 4, 4})}});
                 }),
                 "do not ascend: 4 is followed by 4; list each epoch once, in order"));
  CHECK(contains(
      refusal([&] {
        study("evolve", "", {{"spectra", spectra_of(1, 1, 1, {0})}, {"epoch", epochs({0})}});
      }),
      "a change takes two checkpoints"));
}
