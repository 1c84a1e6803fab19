// tests/plugins/tasks/driven_noise_test.cpp - noise of any length, the same however it is asked
// for.
#include "../../../plugins/tasks/driven_noise.hpp"

#include "made_task.hpp"

using namespace lyap;
using namespace lyap::testing;
using DrivenNoise = MadeTask<lyap::tasks::DrivenNoise>;

TEST_CASE("driven noise has inputs of any length and nothing to learn") {
  const DrivenNoise task(Words{{"inputs", "3"}, {"steps", "50"}});
  CHECK(task.shape().inputs == 3);
  CHECK(task.shape().steps == 50);
  CHECK(task.shape().loss == LYAP_NO_LOSS);
  CHECK(task.shape().drive_steps == 0);
  CHECK(task.shape().drive_count[1] == 0);
  CHECK(task.input(Split::Train, {7, 0}) == task.drive(Split::Train, {7, 0}, 0, 50));
}

TEST_CASE("a step of a sequence is the same however the input is cut, alone or among others") {
  const DrivenNoise task(Words{{"inputs", "2"}});
  const Matrix whole = task.drive(Split::Validation, {5, 123456789}, 0, 300);
  CHECK(in_pieces(task, Split::Validation, {5, 123456789}, {1, 62, 1, 1, 64, 100, 71}) == whole);
  const Matrix alone = task.drive(Split::Validation, {123456789}, 40, 200);
  for (Index t = 0; t < 200; ++t) REQUIRE(alone.col(t) == whole.col(2 * (40 + t) + 1));
  CHECK(task.drive(Split::Validation, {5}, std::int64_t{1} << 40, 3).allFinite());
}

TEST_CASE("sequences, splits and seeds have different noise, the same in every run") {
  const DrivenNoise task(Words{});
  const Matrix x = task.drive(Split::Train, {0}, 0, 100);
  CHECK(task.drive(Split::Train, {1}, 0, 100) != x);
  CHECK(task.drive(Split::Test, {0}, 0, 100) != x);
  CHECK(task.drive(Split::Train, {0}, 64, 36) != x.leftCols(36));
  CHECK(DrivenNoise(Words{}, "", 2).drive(Split::Train, {0}, 0, 100) != x);
  CHECK(DrivenNoise(Words{}, "", 1).drive(Split::Train, {0}, 0, 100) == x);
}

TEST_CASE("the noise has the mean and the variance asked for and no memory") {
  const DrivenNoise task(Words{{"inputs", "10"}, {"mean", "-2"}, {"variance", "0.6"}});
  const Index steps = 20000;
  const Matrix x = task.drive(Split::Train, {0}, 0, steps);
  const auto n = static_cast<double>(x.size());
  const Matrix centred = (x.array() + 2).matrix();
  // Five standard errors: of the mean sqrt(v/n), of the variance v sqrt(2/n), of a covariance
  // v/sqrt(n).
  CHECK(std::abs(centred.mean()) < 5 * std::sqrt(0.6 / n));
  CHECK(std::abs(centred.squaredNorm() / n - 0.6) < 5 * 0.6 * std::sqrt(2 / n));
  const double next =
      centred.leftCols(steps - 1).cwiseProduct(centred.rightCols(steps - 1)).sum() / n;
  CHECK(std::abs(next) < 5 * 0.6 / std::sqrt(n));
  CHECK(DrivenNoise(Words{{"variance", "0"}, {"mean", "3"}}).drive(Split::Train, {0}, 0, 5) ==
        Matrix::Constant(1, 5, 3));
}

TEST_CASE("an infinite variance is refused") {
  CHECK(said([] {
          DrivenNoise(Words{{"variance", "inf"}});
        }) == "`mean` and `variance` must be finite");
}
