// tests/plugins/studies/correlate_test.cpp - statistics of spectra and their correlation with
// losses.
#include <random>

#include "correlate/bootstrap.hpp"
#include "correlate/correlation.hpp"
#include "fitted_line.hpp"
#include "small_study.hpp"

using namespace studied;
using doctest::Approx;
using lyap::correlate::Pairs;
using lyap::correlate::percentile;

namespace {

Pairs pairs_of(const std::vector<double>& x, const std::vector<double>& y) {
  Pairs pairs;
  for (std::size_t i = 0; i < x.size(); ++i) pairs.add(x[i], y[i]);
  pairs.close();
  return pairs;
}
/// 1 - 6 sum d^2 / (n (n^2 - 1)), which holds without ties.
double spearman_by_distances(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto rank = [i](const std::vector<double>& v) {
      return std::count_if(v.begin(), v.end(), [&](double other) { return other < v[i]; });
    };
    sum += std::pow(static_cast<double>(rank(x) - rank(y)), 2);
  }
  return 1 - 6 * sum / (n * (n * n - 1));
}
std::vector<double> random_numbers(Index n) {
  const Vector v = Vector::Random(n);
  return {v.begin(), v.end()};
}

}  // namespace

TEST_CASE("Pearson's coefficient by hand, and with ties Spearman's is Pearson's of midranks") {
  // Deviations -2 -1 0 1 2 and -1.6 -0.6 -1.6 2.4 1.4: Sxy 9, Sxx 10, Syy 13.2.
  const auto c = pairs_of({1, 2, 3, 4, 5}, {1, 2, 1, 5, 4}).coefficients();
  CHECK(c.pearson == Approx(9 / std::sqrt(132.0)).epsilon(1e-14));
  // Ranks of y 1.5 3 1.5 5 4, deviations -1.5 0 -1.5 2 1: Sxy 7, Sxx 10, Syy 9.5.
  CHECK(c.spearman == Approx(7 / std::sqrt(95.0)).epsilon(1e-14));
}

TEST_CASE("without ties Spearman's coefficient is that of the squared distances of ranks") {
  for (const Index n : {3, 10, 57}) {
    const auto x = random_numbers(n), y = random_numbers(n);
    CHECK(pairs_of(x, y).coefficients().spearman ==
          Approx(spearman_by_distances(x, y)).epsilon(1e-12));
  }
}

TEST_CASE("a pair with weight w is a pair w times") {
  const std::vector<double> x{3, 1, 2, 2, 5}, y{0, 1, 1, 4, 2}, weights{2, 0, 1, 3, 1};
  std::vector<double> xs, ys;
  for (std::size_t i = 0; i < x.size(); ++i)
    for (int w = 0; w < weights[i]; ++w) xs.push_back(x[i]), ys.push_back(y[i]);
  const auto weighted = pairs_of(x, y).coefficients(weights);
  const auto repeated = pairs_of(xs, ys).coefficients();
  CHECK(weighted.pearson == Approx(repeated.pearson).epsilon(1e-14));
  CHECK(weighted.spearman == Approx(repeated.spearman).epsilon(1e-14));
}

TEST_CASE("what is constant, or too little, has no correlation") {
  CHECK(std::isnan(pairs_of({0.1, 0.1, 0.1, 0.1}, {1, 2, 3, 4}).coefficients().pearson));
  CHECK(std::isnan(pairs_of({0.1, 0.1, 0.1, 0.1}, {1, 2, 3, 4}).coefficients().spearman));
  CHECK(std::isnan(pairs_of({1, 2}, {1, 2}).coefficients().pearson));
  CHECK(pairs_of({1, missing, 2, 3}, {1, 1, missing, 3}).count() == 2);
}

TEST_CASE("percentiles are linear between neighbours") {
  CHECK(percentile({4, 1, 3, 2}, 0.5) == 2.5);
  CHECK(percentile({1, 2, 3, 4, 5}, 0.025) == Approx(1.1).epsilon(1e-14));
  CHECK(percentile({7, missing}, 0.9) == 7);
  CHECK(std::isnan(percentile({7, missing, missing}, 0.9)));
}

TEST_CASE("a line and the standard error of its slope, by hand") {
  // Slope 1/2 through 0 1 2 and 0 1 1, mean 2/3; residuals -1/6 1/3 -1/6: RSS 1/6, Sxx 2.
  const std::vector<double> x{0, 1, 2}, y{0, 1, 1};
  const auto line = lyap::analyses::fitted_line(x, y);
  CHECK(line.slope == Approx(0.5).epsilon(1e-14));
  CHECK(line.error == Approx(std::sqrt(1.0 / 12)).epsilon(1e-14));
}

TEST_CASE("statistics of a spectrum by hand, and a slope of one that is too short") {
  const Measurement m =
      study("correlate", "slopes: [2, 4, 3, 6], level: -2, area_level: -1, draws: 0",
            {{"spectra", spectra_of(1, 1, 6, {0.5, 0, -1, -3, -3.5, missing})},
             {"target", column("loss", {1})}});
  CHECK(Field(m, "statistic").note("flag_meanings") ==
        "max mean variance deviation min slope_2_4 slope_3_6 count_above area_above");
  const auto v = Field(m, "value").values();
  // Mean -1.4; squared deviations 3.61 1.96 0.16 2.56 4.41 sum to 12.7.
  CHECK(v[0] == 0.5);
  CHECK(v[1] == Approx(-1.4).epsilon(1e-14));
  CHECK(v[2] == Approx(12.7 / 4).epsilon(1e-14));
  CHECK(v[3] == Approx(std::sqrt(12.7 / 4)).epsilon(1e-14));
  CHECK(v[4] == -3.5);
  CHECK(v[5] == Approx(-1.5).epsilon(1e-14));
  CHECK(std::isnan(v[6]));
  CHECK(v[7] == 3);
  CHECK(v[8] == Approx(2.5).epsilon(1e-14));
}

TEST_CASE("dead directions leave the largest exponent, the count and the area, and are reported") {
  const Place place;
  const Measurement m = study("correlate", "slopes: [1, 2], draws: 0",
                              {{"spectra", spectra_of(2, 1, 3, {0, -1, -inf, 0, missing, -1})},
                               {"target", column("loss", {1, missing})}},
                              place);
  const auto v = Field(m, "value").values();
  CHECK(v[0] == 0);
  for (const std::size_t i : {1, 2, 3, 4}) CHECK(std::isnan(v[i]));
  CHECK(v[5] == -1);
  CHECK(v[6] == 2);
  CHECK(v[7] == 1);
  for (std::size_t i = 8; i < 16; ++i) CHECK(std::isnan(v[i]));
  REQUIRE(place.warnings.size() == 1);
  CHECK(contains(place.warnings[0],
                 "1 network without a finite target, 0 missing spectra, and 2 spectra with an "
                 "exponent that is not finite"));
}

TEST_CASE("losses that fall with the largest exponent alone show in that row of the table") {
  // Networks of two exponents: the largest sets the loss, the mean is the same for all.
  std::vector<double> exponents, losses;
  for (int i = 0; i < 8; ++i) {
    const double top = -0.1 * i;
    exponents.insert(exponents.end(), {top, -2 - top});
    losses.push_back(1 + 0.01 * i * i);
  }
  const std::map<std::string, MeasuredArray> given{{"spectra", spectra_of(8, 1, 2, exponents)},
                                                   {"target", column("loss", losses)}};
  const Measurement m = study("correlate", "slopes: [], draws: 200", given);
  CHECK(Field(m, "spearman").values()[0] == Approx(-1).epsilon(1e-14));
  CHECK(Field(m, "spearman_lower").values()[0] == Approx(-1).epsilon(1e-14));
  CHECK(Field(m, "n").values()[0] == 8);
  const double r = Field(m, "pearson").values()[0];
  CHECK(Field(m, "pearson_lower").values()[0] < r);
  CHECK(Field(m, "pearson_upper").values()[0] > r);
  const std::string table = Field(m, "pearson").note("table");
  CHECK(contains(table, "statistic"));
  CHECK(contains(table, "-1.000 [-1.000, -1.000]  8"));
}

TEST_CASE("a statistic that all networks share has no correlation, and that is a dash") {
  const Measurement m = study("correlate", "slopes: [], draws: 50",
                              {{"spectra", spectra_of(4, 1, 2, {0, -1, 0, -2, 0, -3, 0, -4})},
                               {"target", column("loss", {1, 2, 3, 5})}});
  CHECK(std::isnan(Field(m, "pearson").values()[0]));
  CHECK(std::isnan(Field(m, "spearman_upper").values()[0]));
  CHECK(contains(Field(m, "pearson").note("table"), "- [-, -]"));
}

TEST_CASE("the 95 % interval holds the true correlation of normal pairs as often as it says") {
  // 190 of 200 are expected, a few less of percentile intervals with 60 pairs; 176 lies more than
  // four standard deviations of a binomial count below.
  const double rho = 0.6;
  const Index samples = 200, n = 60;
  const Place place;
  int covered = 0;
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  std::vector<double> exponents(static_cast<std::size_t>(n * samples));
  std::vector<double> common(static_cast<std::size_t>(n));
  for (double& z : common) z = normal(random);
  for (Index i = 0; i < n; ++i)
    for (Index c = 0; c < samples; ++c)
      exponents[static_cast<std::size_t>(i * samples + c)] =
          rho * common[static_cast<std::size_t>(i)] + std::sqrt(1 - rho * rho) * normal(random);
  // The samples share their losses, so their truth is the losses' own spread.
  double square = 0, sum = 0;
  for (const double z : common) square += z * z, sum += z;
  const double spread = std::sqrt(square / n - sum / n * sum / n);
  const double truth = rho * spread / std::sqrt(rho * rho * spread * spread + 1 - rho * rho);
  const Measurement m =
      study("correlate", "slopes: [], draws: 400",
            {{"spectra", spectra_of(n, samples, 1, exponents)}, {"target", column("loss", common)}},
            place);
  const auto low = Field(m, "pearson_lower").values(), high = Field(m, "pearson_upper").values();
  const std::size_t statistics = low.size() / static_cast<std::size_t>(samples);
  for (std::size_t c = 0; c < static_cast<std::size_t>(samples); ++c)
    covered += low[c * statistics] <= truth && truth <= high[c * statistics];
  CAPTURE(covered);
  CHECK(covered >= 176);
}

TEST_CASE("the same seed gives the same intervals, whatever the number of workers") {
  const auto exponents = random_numbers(60);
  const std::map<std::string, MeasuredArray> given{{"spectra", spectra_of(20, 1, 3, exponents)},
                                                   {"target", column("loss", random_numbers(20))}};
  const auto intervals = [&](int count) {
    lyap::framework::Workers workers(count);
    Place place;
    place.surroundings.workers = &workers;
    return Field(study("correlate", "slopes: [1, 3], level: 0, draws: 100", given, place),
                 "spearman_lower")
        .values();
  };
  CHECK(intervals(1) == intervals(2));
}

TEST_CASE("correlations within groups, which their mixture may turn round") {
  // In each group the loss rises with the exponent; over both it falls.
  const Measurement m = study("correlate", "slopes: [], draws: 0",
                              {{"spectra", spectra_of(6, 1, 1, {1, 2, 3, 11, 12, 13})},
                               {"target", column("loss", {21, 22, 23, 1, 2, 3})},
                               {"group", column("group", {0, 0, 0, 1, 1, 1}, "lstm gru")}});
  CHECK(Field(m, "pearson").values()[0] < 0);
  CHECK(Field(m, "group_pearson").values()[0] == Approx(1).epsilon(1e-14));
  CHECK(Field(m, "groups").note("flag_meanings") == "lstm gru");
  CHECK(Field(m, "group_spearman").note("table") ==
        "Spearman within    max   mean  variance  deviation    min  count_above  area_above  n\n"
        "lstm             1.000  1.000         -          -  1.000            -       1.000  3\n"
        "gru              1.000  1.000         -          -  1.000            -       1.000  3");
}

TEST_CASE("windows that are none are refused") {
  const auto run = [](const std::string& slopes) {
    return refusal([&] {
      study("correlate", "slopes: " + slopes,
            {{"spectra", spectra_of(1, 1, 1, {0})}, {"target", column("loss", {1})}});
    });
  };
  CHECK(
      contains(run("[50]"), "`slopes` are pairs of first and last index, but there are 1 numbers"));
  CHECK(contains(run("[9, 5]"), "the first below the last, and 9, 5 are not"));
}
