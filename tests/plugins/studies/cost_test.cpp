// tests/plugins/studies/cost_test.cpp - the time of exponents beside that of training, by hand.
#include "small_study.hpp"

using namespace studied;
using doctest::Approx;

namespace {

std::map<std::string, MeasuredArray> given(std::int64_t networks, std::vector<double> epochs,
                                           std::vector<double> spectra, std::vector<double> best) {
  const auto count = static_cast<std::int64_t>(epochs.size()) / networks;
  return {{"epoch_seconds", array("seconds[network, checkpoint]", {networks, count}, epochs)},
          {"spectrum_seconds", column("seconds", spectra)},
          {"best_epoch", column("epoch", best)}};
}

}  // namespace

TEST_CASE("epochs to the best loss, exponents in epochs, and their share of training, by hand") {
  // The first: epochs of 2 s and 4 s, the best after 6 s, exponents 3 s, one mean epoch. The second
  // ends after three epochs of 1 s, best after two, exponents 0.5 s.
  const Measurement m =
      study("cost", "", given(2, {2, 4, 2, 4, 1, 1, 1, missing}, {3, 0.5}, {2, 2}));
  CHECK(Field(m, "to_best").values() == std::vector<double>{2, 2});
  CHECK(Field(m, "spectrum_time").values() == std::vector<double>{1, 0.5});
  CHECK(Field(m, "ratio").values() == std::vector<double>{0.5, 0.25});
  CHECK(Field(m, "figure").note("flag_meanings") == "to_best spectrum_time ratio");
  CHECK(Field(m, "mean").values() == std::vector<double>{2, 0.75, 0.375});
  const auto deviation = Field(m, "deviation").values();
  CHECK(deviation[0] == 0);
  CHECK(deviation[1] == Approx(0.25 * std::sqrt(2.0)).epsilon(1e-14));
  CHECK(deviation[2] == Approx(0.125 * std::sqrt(2.0)).epsilon(1e-14));
  CHECK(Field(m, "n").values() == std::vector<double>{2, 2, 2});
  CHECK(Field(m, "mean").note("table") ==
        "mean +- std over networks\n"
        "networks  epochs to best validation loss  LE time, epochs  LE / training to best\n"
        "2                                 2 +- 0     0.75 +- 0.35          0.375 +- 0.18");
}

TEST_CASE("iterations are batches of epochs, and leave the share as it is") {
  const auto times = given(1, {2, 2, 2}, {1}, {3});
  const Measurement m = study("cost", "unit: iterations, batches_per_epoch: 40", times);
  CHECK(Field(m, "to_best").values()[0] == 120);
  CHECK(Field(m, "spectrum_time").values()[0] == 20);
  CHECK(Field(m, "ratio").values()[0] == Approx(1.0 / 6).epsilon(1e-15));
  CHECK(contains(Field(m, "mean").note("table"), "iterations to best validation loss"));
  CHECK(contains(Field(m, "mean").note("table"), "120 +- -"));
  CHECK(std::isnan(Field(m, "deviation").values()[0]));
  CHECK(contains(refusal([&] { study("cost", "unit: iterations", times); }),
                 "`unit: iterations` needs to know how many there are in an epoch"));
}

TEST_CASE("the first weights take no epoch: its missing time is skipped") {
  const Measurement m = study("cost", "", given(1, {missing, 1, 3}, {2}, {1}));
  CHECK(Field(m, "spectrum_time").values()[0] == 1);
  CHECK(Field(m, "ratio").values()[0] == 2);
}

TEST_CASE("networks without one of the times are left out with the reason") {
  const Place place;
  const Measurement m = study(
      "cost", "",
      given(5, {1, 1, missing, missing, 1, 1, 1, 1, 1, 1}, {1, 1, missing, 1, 1}, {1, 1, 1, 0, 3}),
      place);
  CHECK(Field(m, "n").values()[0] == 1);
  for (std::size_t i = 1; i < 5; ++i) CHECK(std::isnan(Field(m, "ratio").values()[i]));
  REQUIRE(place.warnings.size() == 1);
  CHECK(contains(place.warnings[0],
                 "4 networks of 5 left out: 1 without times of epochs, 1 without a time of the "
                 "exponents, 1 whose best epoch is missing or before the first, 1 whose best epoch "
                 "lies beyond those that were timed"));
}
