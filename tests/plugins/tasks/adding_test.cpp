// tests/plugins/tasks/adding_test.cpp - two markers, one in each half, and the sum they mark.
#include "../../../plugins/tasks/adding.hpp"

#include <algorithm>
#include <set>

#include "made_task.hpp"

using namespace lyap;
using namespace lyap::testing;
using Adding = MadeTask<lyap::tasks::Adding>;

TEST_CASE("adding: numbers in 0 .. 1, one marker in each half, the target is the marked sum") {
  for (const Index steps : {2, 7, 30}) {
    const Adding task(Words{{"steps", std::to_string(steps)}});
    const Index count = 200;
    const Matrix x = task.input(Split::Train, first(count)),
                 y = task.target(Split::Train, first(count));
    std::set<Index> marked;
    for (Index b = 0; b < count; ++b) {
      double sum = 0;
      Index early = 0, late = 0;
      for (Index t = 0; t < steps; ++t) {
        const auto step = x.col(t * count + b);
        REQUIRE((step(0) >= 0 && step(0) < 1));
        REQUIRE((step(1) == 0 || step(1) == 1));
        if (step(1) == 0) continue;
        sum += step(0);
        (t < steps / 2 ? early : late) += 1;
        marked.insert(t);
      }
      REQUIRE(early == 1);
      REQUIRE(late == 1);
      REQUIRE(y(0, b) == sum);
    }
    CHECK(std::ssize(marked) == steps);  // every step is marked in some sequence
  }
}

TEST_CASE("adding: one prediction after the last step, squared error, splits as asked") {
  const Adding task(Words{{"train", "50"}, {"validation", "20"}, {"test", "30"}});
  const lyap_task_shape& shape = task.shape();
  CHECK(shape.inputs == 2);
  CHECK(shape.outputs == 1);
  CHECK(shape.steps == 100);
  CHECK(shape.loss == LYAP_MEAN_SQUARED);
  CHECK(shape.last_step_only == 1);
  CHECK(shape.count[0] == 50);
  CHECK(shape.count[1] == 20);
  CHECK(shape.count[2] == 30);
  CHECK(shape.drive_steps == 100);
  CHECK(shape.drive_count[0] == 20);
  CHECK(said([&] { task.input(Split::Validation, {20}); }) ==
        "sequence 20 of the validation split is asked for, which has 20; ask for fewer");
}

TEST_CASE("adding: always saying 1 has an error of 1/6") {
  const Adding task(Words{{"steps", "10"}, {"train", "20000"}});
  const Matrix y = task.target(Split::Train, first(20000));
  // Var (y - 1)^2 = E (y-1)^4 - 1/36 = 1/15 - 1/36; five standard errors.
  const double error = std::sqrt((1. / 15 - 1. / 36) / 20000);
  const double baseline = task.metrics(Matrix::Zero(1, 20000), y).at("baseline");
  CHECK(std::abs(baseline - 1. / 6) < 5 * error);
  CHECK(task.metrics(Matrix::Zero(1, 2), Matrix{{1.5, 0.8}}).at("baseline") ==
        doctest::Approx((0.25 + 0.04) / 2).epsilon(1e-15));
}

TEST_CASE("adding: a sequence is the same alone and among others, another with another seed") {
  const Words words{{"steps", "5"}};
  const Adding task(words);
  const Matrix both = task.input(Split::Test, {3, 8}), alone = task.input(Split::Test, {8});
  for (Index t = 0; t < 5; ++t) CHECK(both.col(2 * t + 1) == alone.col(t));
  CHECK(task.target(Split::Test, {3, 8})(0, 1) == task.target(Split::Test, {8})(0, 0));
  CHECK(task.drive(Split::Test, {8}, 0, 5) == alone);
  CHECK(task.input(Split::Train, {8}) != alone);
  CHECK(Adding(words, "", 2).input(Split::Test, {8}) != alone);
  CHECK(Adding(words, "", 1).input(Split::Test, {8}) == alone);
}
