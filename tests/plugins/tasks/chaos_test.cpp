// tests/plugins/tasks/chaos_test.cpp - the flows against independent solutions, and their samples
// as sequences.
#include "../../../plugins/tasks/chaos.hpp"

#include <functional>

#include "made_task.hpp"

using namespace lyap;
using namespace lyap::testing;
using Chaos = MadeTask<lyap::tasks::Chaos>;
using lyap::tasks::Lorenz63;
using lyap::tasks::MackeyGlass;

namespace {

Vector lorenz(const Eigen::Vector3d& start, double time, Index steps) {
  Lorenz63 flow(start, time / static_cast<double>(steps));
  flow.follow(steps);
  return flow.state();
}
double mackey_glass(double start, double tau, double time, Index steps) {
  MackeyGlass flow(start, tau, time / static_cast<double>(steps));
  flow.follow(steps);
  return flow.state()[0];
}

}  // namespace

TEST_CASE("the Lorenz flow ends where a solution in long double with 4000 steps a unit ends") {
  const Eigen::Vector3d truth_at_1{-9.378570010923532, -8.357033788442072, 29.362325337342525};
  CHECK((lorenz({1, 1, 1}, 1, 1000) - truth_at_1).cwiseAbs().maxCoeff() < 1e-8);
  CHECK((lorenz({1, 1, 1}, 1, 4000) - truth_at_1).cwiseAbs().maxCoeff() < 1e-11);
}

TEST_CASE("the three rest points of Lorenz stay at rest") {
  const double c = std::sqrt(72);
  for (const Eigen::Vector3d& rest : {Eigen::Vector3d(0, 0, 0), {c, c, 27}, {-c, -c, 27}})
    CHECK(Lorenz63::derivative(rest).cwiseAbs().maxCoeff() < 1e-13);
}

TEST_CASE("Runge-Kutta of fourth order: half the step, a sixteenth of the error") {
  const Vector fine = lorenz({1, 1, 1}, 1, 6400);
  const double ratio =
      (lorenz({1, 1, 1}, 1, 200) - fine).norm() / (lorenz({1, 1, 1}, 1, 400) - fine).norm();
  CHECK(ratio > 14);
  CHECK(ratio < 18);
}

TEST_CASE("Lorenz trajectories part at the known rate of 0.9056 per unit of time") {
  // A twin is brought back to the distance 1e-7 after every half unit of time.
  constexpr double distance = 1e-7, h = 0.005;
  constexpr int rounds = 4000;
  Eigen::Vector3d state = lorenz({1, 1, 1}, 20, 4000), twin = state;
  twin[0] += distance;
  double growth = 0;
  for (int i = 0; i < rounds; ++i) {
    state = lorenz(state, 100 * h, 100);
    twin = lorenz(twin, 100 * h, 100);
    const Eigen::Vector3d apart = twin - state;
    growth += std::log(apart.norm() / distance);
    twin = state + distance / apart.norm() * apart;
  }
  // Over 2000 units of time the rate has a standard deviation of about 0.01.
  CHECK(growth / (rounds * 100 * h) == doctest::Approx(0.9056).epsilon(0.03));
}

TEST_CASE("Mackey-Glass ends where integration by intervals of tau with polynomials ends") {
  // x = 0.9 before 0, tau = 17; Chebyshev polynomials of degree 199 on each interval, float64.
  CHECK(std::abs(mackey_glass(0.9, 17, 10, 100) - 1.1747447890925733) < 1e-10);
  CHECK(std::abs(mackey_glass(0.9, 17, 40, 400) - 0.4806976014002204) < 1e-9);
  CHECK(std::abs(mackey_glass(0.9, 17, 100, 1000) - 0.9314709464572841) < 1e-8);
  CHECK(std::abs(mackey_glass(0.9, 17, 100, 10000) - 0.9314709464572841) < 1e-12);
}

TEST_CASE("a delay that is no whole number of steps is met between them") {
  // tau is 192.1 and 1921 steps.  The corner of x at 0, which comes back in x'' at tau and then
  // lies inside a step, costs h^2.
  CHECK(std::abs(mackey_glass(0.9, 17, 100, 1130) - 0.9314709464572841) < 1e-5);
  CHECK(std::abs(mackey_glass(0.9, 17, 100, 11300) - 0.9314709464572841) < 1e-12);
}

TEST_CASE("the next sample is the target, and windows follow one another in time") {
  const Chaos task(Words{{"length", "1000"}, {"window", "50"}, {"transient", "1"}});
  const lyap_task_shape& s = task.shape();
  CHECK(s.inputs == 3);
  CHECK(s.outputs == 3);
  CHECK(s.targets == 3);
  CHECK(s.steps == 50);
  CHECK(s.next_step == 1);
  CHECK(s.loss == LYAP_MEAN_SQUARED);
  CHECK(s.step_time == 0.02);
  CHECK(std::string(s.time_unit) == "time unit");
  // 800, 100 and 100 samples; the target of the last needs one more.
  CHECK(s.count[0] == 15);
  CHECK(s.count[1] == 1);
  CHECK(s.count[2] == 1);
  const Matrix x = task.input(Split::Train, {3}), y = task.target(Split::Train, {3});
  CHECK(y.leftCols(49) == x.rightCols(49));
  CHECK(y.col(49) == task.input(Split::Train, {4}).col(0));
  CHECK(task.drive(Split::Train, {3}, 0, 50) == x);
  CHECK(in_pieces(task, Split::Train, {2, 7}, {1, 60, 39}) ==
        task.drive(Split::Train, {2, 7}, 0, 100));
}

TEST_CASE("the splits follow one another in time") {
  const Words whole{
      {"length", "1000"}, {"window", "40"}, {"fractions", "[1, 0]"}, {"normalise", "off"}};
  Words parted = whole;
  parted["fractions"] = "[0.5, 0.3]";
  const Matrix x = Chaos(whole).drive(Split::Train, {0}, 0, 1000);
  const Chaos task(parted);
  CHECK(task.drive(Split::Train, {0}, 0, 500) == x.leftCols(500));
  CHECK(task.drive(Split::Validation, {0}, 0, 300) == x.middleCols(500, 300));
  CHECK(task.drive(Split::Test, {0}, 0, 200) == x.rightCols(200));
  CHECK(task.drive(Split::Test, {2}, 5, 10) == x.middleCols(800 + 80 + 5, 10));
}

TEST_CASE("an analysis may follow the flow beyond the last sample") {
  const Words shorter{
      {"length", "1000"}, {"window", "40"}, {"fractions", "[0.8, 0.1]"}, {"normalise", "off"}};
  Words longer = shorter;
  longer["length"] = "2000", longer["fractions"] = "[1, 0]";
  const Matrix x = Chaos(longer).drive(Split::Train, {0}, 0, 2000);
  const Chaos task(shorter);
  CHECK(in_pieces(task, Split::Test, {0}, {90, 600, 5, 405}) == x.rightCols(1100));
  CHECK(task.drive(Split::Validation, {1}, 100, 300) == x.middleCols(800 + 40 + 100, 300));
  // With the scale of the training part.
  Words scaled = shorter;
  scaled["normalise"] = "on";
  const Matrix y = Chaos(scaled).drive(Split::Test, {0}, 0, 1100);
  const Vector ratio = (y.col(1050) - y.col(3)).cwiseQuotient(x.col(1950) - x.col(903));
  CHECK((y - ratio.asDiagonal() * (x.rightCols(1100).colwise() - x.col(903)))
            .colwise()
            .
            operator-(y.col(3))
            .cwiseAbs()
            .maxCoeff() < 1e-11);
}

TEST_CASE("over the training part every variable has mean 0 and variance 1") {
  for (const char* system : {"lorenz63", "mackey_glass"}) {
    const Chaos task(Words{{"system", system}, {"length", "5000"}});
    const Matrix x = task.drive(Split::Train, {0}, 0, 4000);
    CHECK(x.rowwise().mean().cwiseAbs().maxCoeff() < 1e-12);
    CHECK((x.rowwise().squaredNorm() / 4000 - Vector::Ones(x.rows())).cwiseAbs().maxCoeff() <
          1e-12);
  }
}

TEST_CASE("without normalisation the samples are the flow's own") {
  const Chaos task(Words{{"normalise", "off"}, {"length", "1000"}, {"step_time", "0.05"}});
  CHECK(task.shape().step_time == 0.05);
  const Matrix x = task.drive(Split::Train, {0}, 0, 2);
  CHECK((lorenz(x.col(0), 0.05, 50) - x.col(1)).cwiseAbs().maxCoeff() == 0);
  const Chaos delayed(Words{{"system", "mackey_glass"}, {"normalise", "off"}, {"length", "20000"}});
  CHECK(delayed.shape().inputs == 1);
  CHECK(delayed.shape().step_time == 1);
  const Matrix m = delayed.drive(Split::Train, {0}, 0, 16000);
  // The attractor at tau = 17 reaches from about 0.4 to about 1.3.
  CHECK(m.minCoeff() == doctest::Approx(0.42).epsilon(0.05));
  CHECK(m.maxCoeff() == doctest::Approx(1.32).epsilon(0.05));
}

TEST_CASE("the number of the trajectory fixes it, whatever the seed of the run") {
  const Words words{{"length", "200"}, {"window", "10"}};
  Words other = words;
  other["draw"] = "2";
  const Matrix x = Chaos(words, "", 1).drive(Split::Train, {0}, 0, 100);
  CHECK(Chaos(words, "", 2).drive(Split::Train, {0}, 0, 100) == x);
  CHECK(Chaos(other, "", 1).drive(Split::Train, {0}, 0, 100) != x);
}

TEST_CASE("what cannot be cut or is not there is refused in a sentence") {
  CHECK(said([] {
          Chaos(Words{{"length", "100"}, {"window", "80"}});
        }) ==
        "the training part has 80 samples, and a `window` of 80 steps needs one more than it "
        "has steps; raise `length` or lower `window`");
  const Chaos task(Words{{"length", "1000"}, {"window", "50"}});
  CHECK(said([&] { task.drive(Split::Test, {1}, 0, 5); }) ==
        "sequence 1 of the test split is asked for, which has 1; ask for fewer");
}
