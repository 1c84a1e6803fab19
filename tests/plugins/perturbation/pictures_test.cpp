// tests/plugins/perturbation/pictures_test.cpp - changed sequences as the pictures they are.
#include <string>

#include "small_run.hpp"

using namespace small_run;
using doctest::Approx;

namespace {

constexpr const char* cell = "{use: rnn, with: {units: 6}}";

std::string digits(const std::string& order) {
  return "{use: digits, with: {order: " + order + ", pool: 4, train: 4, test: 9}}";
}

/// Test image i as the task gives it, column t*inputs + i below one another.
Matrix raster(std::int64_t image) {
  const Run run(digits("pixels"), cell,
                perturbation("choose: first, sequences: 1, counts: [1], draws: 1"));
  Matrix input(1, 49);
  const std::vector<std::int64_t> which{image};
  run.trial().task().fetch(LYAP_TEST, which, lyap::lend(input), lyap_matrix{});
  return input;
}

}  // namespace

TEST_CASE("whatever the order of reading, the unchanged picture is the image in raster order") {
  for (const std::string order : {"rows", "pixels", "permuted_pixels"}) {
    CAPTURE(order);
    const Run run(digits(order), cell,
                  perturbation("choose: first, sequences: 3, counts: [1], draws: 2, pictures: 2, "
                               "picture_count: 5, picture_draws: 3"));
    REQUIRE(run["pictures"].shape == std::vector<std::int64_t>{2, 5, 7, 7});
    CHECK(run["pictures"].quantity.unit == "grey");
    CHECK(run.note("pictures", "cases") == "as it is, by r, 3 random; 5 steps changed");
    const Index inputs = order == "rows" ? 7 : 1;
    for (Index picture = 0; picture < 2; ++picture) {
      const Matrix image = raster(picture);
      for (Index i = 0; i < 5; ++i) {
        Index changed = 0;
        for (Index pixel = 0; pixel < 49; ++pixel) {
          const double before = image(0, pixel);
          const double now = run.at("pictures", {picture, i, pixel / 7, pixel % 7});
          if (now == before) continue;
          ++changed;
          CHECK(now == (before > 0 ? 0 : 1));
        }
        CHECK(changed == (i == 0 ? 0 : 5 * inputs));
      }
    }
  }
}

TEST_CASE("the outputs beside a picture are those of its loss") {
  const Run run(
      digits("permuted_pixels"), cell,
      perturbation("choose: first, sequences: 3, counts: [5], draws: 3, picture_count: 5, "
                   "picture_draws: 3"));
  REQUIRE(run["logits"].shape == std::vector<std::int64_t>{2, 5, 10});
  for (Index picture = 0; picture < 2; ++picture) {
    const auto loss = [&](Index i) {
      double sum = 0;
      for (Index k = 0; k < 10; ++k) sum += std::exp(run.at("logits", {picture, i, k}));
      return std::log(sum) - run.at("logits", {picture, i, picture % 10});
    };
    CHECK(loss(0) == Approx(run.at("loss", {picture})).epsilon(1e-12));
    CHECK(loss(1) - loss(0) == Approx(run.at("difference", {0, picture, 0})).epsilon(1e-9));
    // The first draws of the control at the same count.
    for (Index d = 0; d < 3; ++d)
      CHECK(loss(2 + d) - loss(0) ==
            Approx(run.at("random_difference", {picture, 0, d})).epsilon(1e-9));
  }
}

TEST_CASE("more pictures than sequences, more steps than there are, no pictures at all") {
  const Run run(digits("rows"), cell,
                perturbation("choose: first, sequences: 2, counts: [1], draws: 2, pictures: 7"));
  CHECK(run["pictures"].shape == std::vector<std::int64_t>{2, 6, 7, 7});
  CHECK(run.note("pictures", "cases") == "as it is, by r, 4 random; 7 steps changed");
  const Run none(digits("rows"), cell,
                 perturbation("choose: first, sequences: 2, counts: [1], draws: 2, pictures: 0"));
  CHECK_FALSE(none.measurement().find("pictures"));
  CHECK_FALSE(none.measurement().find("logits"));
}
