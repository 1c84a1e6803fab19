// tests/plugins/tasks/real_data_test.cpp - facts about MNIST, War and Peace and motion capture,
// where they are at hand.
#include <cmath>
#include <optional>

#include "../../../plugins/tasks/char_rnn.hpp"
#include "../../../plugins/tasks/mocap.hpp"
#include "../../../plugins/tasks/smnist.hpp"
#include "base/error.hpp"
#include "data/locate.hpp"
#include "made_task.hpp"

using namespace lyap;
using namespace lyap::testing;
using Smnist = MadeTask<lyap::tasks::Smnist>;
using CharRnn = MadeTask<lyap::tasks::CharRnn>;
using Mocap = MadeTask<lyap::tasks::Mocap>;

namespace {

bool at_hand(const std::string& name) {
  try {
    framework::DataFolders("").find(name, {"", ".gz"}, "");
    return true;
  } catch (const framework::InputError&) {
    MESSAGE("skipped: no ", name, " below LYAP_DATA or the cache");
    return false;
  }
}

}  // namespace

TEST_CASE("MNIST: 60 000 and 10 000 images, first labels 5 and 7, mean 0.1307, deviation 0.3081") {
  if (!at_hand("mnist/train-images-idx3-ubyte")) return;
  const Smnist task(Words{});
  CHECK(task.shape().count[0] == 60000);
  CHECK(task.shape().count[1] == 10000);
  CHECK(task.shape().count[2] == 10000);
  CHECK(task.target(Split::Train, first(10)) == Matrix{{5, 0, 4, 1, 9, 2, 1, 3, 1, 4}});
  CHECK(task.target(Split::Test, first(10)) == Matrix{{7, 2, 1, 0, 4, 1, 4, 9, 5, 9}});
  double sum = 0, squares = 0;
  for (std::int64_t from = 0; from < 60000; from += 1000) {
    Numbers which = first(1000);
    for (std::int64_t& number : which) number += from;
    const Matrix x = task.input(Split::Train, which);
    sum += x.sum(), squares += x.squaredNorm();
  }
  const double mean = sum / (60000. * 784),
               deviation = std::sqrt(squares / (60000. * 784) - mean * mean);
  CHECK(mean == doctest::Approx(0.1307).epsilon(0.0005));
  CHECK(deviation == doctest::Approx(0.3081).epsilon(0.0005));
}

TEST_CASE("War and Peace: 3 202 303 characters, 63 844 newlines, 82 symbols, 3.0955 nats") {
  if (!at_hand("war_and_peace/warpeace_input.txt")) return;
  const CharRnn task(Words{{"preset", "p2"}});
  CHECK(task.shape().inputs == 82);
  CHECK(task.shape().count[0] == 25600);
  CHECK(task.shape().count[1] == 3200);
  CHECK(task.shape().count[2] == 3100);
  const std::vector<std::string> symbols = task.symbols();
  CHECK(symbols.front() == "0");
  CHECK(symbols[77] == "\n");
  CHECK(symbols.back() == "\xc3\xa4");

  // One block of one sequence: the drive reads the whole text.
  const CharRnn whole(
      Words{{"preset", "custom"}, {"sequence", "3202303"}, {"fractions", "[1, 0]"}});
  Vector counts = Vector::Zero(82);
  for (Index from = 0; from < 3202303; from += 100000)
    counts += whole.drive(Split::Train, {0}, from, std::min<Index>(100000, 3202303 - from))
                  .rowwise()
                  .sum();
  CHECK(counts.sum() == 3202303);
  CHECK(counts(77) == 63844);
  CHECK(counts.minCoeff() >= 1);
  const Vector p = counts / counts.sum();
  CHECK(-(p.array() * p.array().log()).sum() == doctest::Approx(3.0955).epsilon(0.00002));
  CHECK(
      said([&] { whole.drive(Split::Train, {0}, 3202303, 1); }).starts_with("from sequence 0 on"));
}

TEST_CASE("CMU motion capture: 6379 windows, 20 of 70 columns, persistence 0.0285 over the files") {
  if (!at_hand("cmu_mocap/train/walking/walking_1.txt")) return;
  CHECK(Mocap(Words{{"features", "0"}}).shape().inputs == 70);
  CHECK(Mocap(Words{{"features", "0"}, {"split", "files"}}).shape().inputs == 70);
  const Mocap windows(Words{{"split", "files"}});
  CHECK(windows.shape().inputs == 20);
  CHECK(windows.shape().count[0] + windows.shape().count[1] == 6379);

  // Windows of one step are the transitions, file after file; every file counts the same.
  const Mocap transitions(Words{{"split", "files"}, {"window", "1"}});
  const int frames[2][20] = {{722, 528, 397, 386, 403, 802, 591,  363, 437, 573,
                              344, 599, 495, 317, 330, 416, 1505, 427, 337, 352},
                             {577, 598, 359, 2086}};
  double sum = 0;
  int files = 0;
  for (const Split split : {Split::Train, Split::Validation}) {
    std::int64_t next = 0;
    for (const int each : frames[static_cast<int>(split)]) {
      if (each == 0) continue;
      Numbers which(static_cast<std::size_t>((each + 1) / 2 - 1));
      std::iota(which.begin(), which.end(), next);
      next += std::ssize(which);
      sum += (transitions.target(split, which) - transitions.input(split, which))
                 .array()
                 .square()
                 .mean();
      ++files;
    }
    CHECK(next == transitions.shape().count[static_cast<int>(split)]);
  }
  CHECK(files == 24);
  CHECK(sum / files == doctest::Approx(0.0285).epsilon(0.0018));  // the printed digits
}

TEST_CASE("CMU motion capture: persistence on the last fifth of every file, and the columns") {
  if (!at_hand("cmu_mocap/train/walking/walking_1.txt")) return;
  const Mocap task(Words{});
  CHECK(task.shape().count[0] == 4978);
  REQUIRE(task.shape().count[1] == 805);
  const Matrix x = task.input(Split::Validation, first(805)),
               y = task.target(Split::Validation, first(805));
  // Over all windows, computed with NumPy; random windows gave 0.0194.
  CHECK((y - x).array().square().mean() == doctest::Approx(0.0192258).epsilon(1e-5));
  CHECK(task.metrics(y, y).at("persistence") == doctest::Approx(0.0191106).epsilon(1e-5));
  CHECK(Mocap(Words{{"target", "change"}}).metrics(y - x, y - x).at("persistence") ==
        doctest::Approx(0.0192258).epsilon(1e-5));
  CHECK(y.array().square().mean() == doctest::Approx(1.19880).epsilon(1e-5));
}

TEST_CASE("CMU motion capture: the first 20 columns that vary") {
  if (!at_hand("cmu_mocap/train/walking/walking_1.txt")) return;
  Surroundings surroundings;
  std::vector<lyap::tasks::Footage> training;
  for (const auto& recording : lyap::tasks::read_recordings(
           Host(surroundings.lent()), "cmu_mocap", {"basketball", "soccer", "walking", "jumping"}))
    if (!recording.for_test) training.push_back({recording.path, recording.frames});
  CHECK(
      lyap::tasks::FrameScale(training, 20, true).columns() ==
      std::vector<Index>{0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19, 27, 28, 29, 30});
}
