// tests/framework/model/loss_test.cpp - losses against values worked out by hand.
#include "model/loss.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/error.hpp"
#include "noise_task.hpp"

using namespace lyap::framework;

namespace {

template <class T>
struct Loss {
  Loss(std::int32_t kind, std::vector<T> prediction, std::vector<T> target, std::int64_t rows,
       std::int64_t target_rows, double scale = 1)
      : gradient(prediction.size()) {
    const noise_task::Task task(kind, false, 1, rows);
    const auto cols = static_cast<std::int64_t>(prediction.size()) / rows;
    const int dtype = lyap::dtype_of<T>;
    sum = evaluate_loss(task.view, {prediction.data(), rows, cols, rows, dtype, 0},
                        {target.data(), target_rows, cols, target_rows, dtype, 0}, scale,
                        {gradient.data(), rows, cols, rows, dtype, 0});
  }
  LossSum sum;
  std::vector<T> gradient;
};

}  // namespace

TEST_CASE("cross entropy is minus the log of the softmax at the class, in nats") {
  // softmax(ln 1, ln 2, ln 5) = (1, 2, 5) / 8.
  const std::vector<double> y{0, std::log(2.0), std::log(5.0), std::log(5.0), 0, std::log(2.0)};
  const Loss<double> loss(LYAP_CROSS_ENTROPY, y, {1, 0}, 3, 1, 0.5);
  CHECK(loss.sum.loss == doctest::Approx(std::log(4.0) + std::log(8.0 / 5)).epsilon(1e-15));
  CHECK(loss.sum.mean() == doctest::Approx(loss.sum.loss / 2).epsilon(1e-15));
  CHECK(loss.sum.accuracy() == 0.5);
  const std::vector<double> expected{1.0 / 16,       2.0 / 16 - 0.5, 5.0 / 16,
                                     5.0 / 16 - 0.5, 1.0 / 16,       2.0 / 16};
  for (std::size_t i = 0; i < 6; ++i)
    CHECK(loss.gradient[i] == doctest::Approx(expected[i]).epsilon(1e-15));
}

TEST_CASE("cross entropy stays finite for outputs whose exponentials are not") {
  const Loss<float> loss(LYAP_CROSS_ENTROPY, {1000, 0, -1000}, {2}, 3, 1);
  CHECK(loss.sum.loss == 2000);
  CHECK(loss.gradient == std::vector<float>{1, 0, -1});
}

TEST_CASE("squared and absolute errors are means over the rows") {
  const Loss<double> squared(LYAP_MEAN_SQUARED, {1, 2, 3, 4}, {0, 4, 3, 1}, 2, 2);
  CHECK(squared.sum.loss == (1.0 + 4) / 2 + (0.0 + 9) / 2);
  CHECK(squared.gradient == std::vector<double>{1, -2, 0, 3});
  CHECK(std::isnan(squared.sum.accuracy()));
  const Loss<float> absolute(LYAP_MEAN_ABSOLUTE, {1, 2, 3, 4}, {0, 4, 3, 1}, 2, 2, 2.0);
  CHECK(absolute.sum.loss == 3);
  CHECK(absolute.gradient == std::vector<float>{1, -1, 0, 1});
}

TEST_CASE("a loss of the task's own counts as often as it has columns") {
  const Loss<double> own(LYAP_OWN_LOSS, {1, 2, 3, 4}, {0, 4, 3, 1}, 2, 2, 0.5);
  CHECK(own.sum.loss == 7);
  CHECK(own.gradient == std::vector<double>{0.5, -1, 0, 1.5});
}

TEST_CASE("targets that are no classes, or too few, are refused") {
  CHECK_THROWS_WITH_AS((Loss<double>(LYAP_CROSS_ENTROPY, {1, 2, 3, 4}, {0, 2}, 2, 1)),
                       "task 'noise': target 2 in column 1 is not a class 0 .. 1 of the readout",
                       InputError);
  CHECK_THROWS_WITH_AS((Loss<double>(LYAP_CROSS_ENTROPY, {1, 2}, {0.5}, 2, 1)),
                       "task 'noise': target 0.5 in column 0 is not a class 0 .. 1 of the readout",
                       InputError);
  CHECK_THROWS_WITH_AS((Loss<double>(LYAP_MEAN_SQUARED, {1, 2, 3, 4}, {0, 2}, 2, 1)),
                       "task 'noise': targets are 1 x 2, the predictions ask for 2 x 2",
                       InputError);
}
