// tests/plugins/tasks/digits_test.cpp - generated digits: always the same, and readable.
#include "../../../plugins/tasks/digits.hpp"

#include "made_task.hpp"

using namespace lyap;
using namespace lyap::testing;
using Digits = MadeTask<lyap::tasks::Digits>;

TEST_CASE("digits has the shape and the splits of smnist") {
  const Digits task(Words{{"train", "40"}, {"test", "20"}, {"holdout", "10"}});
  CHECK(task.shape().inputs == 28);
  CHECK(task.shape().steps == 28);
  CHECK(task.shape().outputs == 10);
  CHECK(task.shape().last_step_only == 1);
  CHECK(task.shape().count[0] == 30);
  CHECK(task.shape().count[1] == 10);
  CHECK(task.shape().count[2] == 20);
  CHECK(task.target(Split::Test, {0, 3, 19}) == Matrix{{0, 3, 9}});
  CHECK(Digits(Words{{"order", "permuted_pixels"}, {"pool", "4"}}).shape().steps == 49);
}

TEST_CASE("an image depends on `draw`, its split and its number alone") {
  const Matrix images =
      Digits(Words{{"train", "30"}, {"test", "10"}}).input(Split::Train, first(30));
  CHECK(Digits(Words{{"train", "30"}}, "", 77, 4).input(Split::Train, first(30)) == images);
  CHECK(Digits(Words{{"train", "50"}}).input(Split::Train, first(30)) == images);
  CHECK(Digits(Words{{"train", "30"}, {"draw", "2"}}).input(Split::Train, first(30)) != images);
  const Matrix test = Digits(Words{{"train", "10"}, {"test", "10"}}).input(Split::Test, first(10));
  CHECK(test != Digits(Words{{"train", "10"}}).input(Split::Train, first(10)));
}

TEST_CASE("digits are grey values in 0..1, mostly background, and noise is what was asked for") {
  const Matrix x = Digits(Words{{"noise", "0"}}).input(Split::Train, first(200));
  CHECK(x.minCoeff() == 0);
  CHECK(x.maxCoeff() <= 1);
  CHECK(x.maxCoeff() > 0.95);
  const double inked = (x.array() > 0.5).cast<double>().mean();
  CHECK(inked > 0.05);
  CHECK(inked < 0.25);
  // Ink stays on the page: the outermost pixels are hardly ever touched.
  for (Index b = 0; b < 200; ++b) CHECK(x.col(b).maxCoeff() < 0.9);

  // Half of the noise on a bare page is below 0 and cut off: the mean is that of half a bell.
  const Matrix noisy = Digits(Words{{"noise", "0.1"}}).input(Split::Train, first(200));
  double mean = 0;
  for (Index b = 0; b < 200; ++b) mean += noisy.col(b).mean() / 200;
  CHECK(mean == doctest::Approx(0.1 * 0.3989).epsilon(0.1));
}

TEST_CASE("images of one digit resemble each other more than those of others") {
  const Digits task(Words{{"train", "2000"}, {"test", "500"}, {"pool", "2"}, {"order", "pixels"}});
  const Matrix train = task.input(Split::Train, first(2000));
  const Matrix test = task.input(Split::Test, first(500));
  Matrix mean = Matrix::Zero(196, 10);
  for (Index b = 0; b < 2000; ++b)
    for (Index p = 0; p < 196; ++p) mean(p, b % 10) += train(0, p * 2000 + b) / 200;
  Index right = 0;
  for (Index b = 0; b < 500; ++b) {
    Vector image(196);
    for (Index p = 0; p < 196; ++p) image(p) = test(0, p * 500 + b);
    Index nearest = 0;
    (mean.colwise() - image).colwise().squaredNorm().minCoeff(&nearest);
    right += nearest == b % 10;
  }
  MESSAGE("nearest mean image: ", right, " of 500 right");
  CHECK(right > 300);  // chance is 50; position, slant and size vary too much for this to reach 450
  CHECK(right < 490);
}
