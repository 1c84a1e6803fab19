// tests/plugins/tasks/mocap_test.cpp - recordings as windows of scaled frames, and files that are
// wrong.
#include "../../../plugins/tasks/mocap.hpp"

#include <fmt/format.h>

#include <cmath>

#include "../../framework/temporary_folder.hpp"
#include "made_task.hpp"

using namespace lyap;
using namespace lyap::testing;
using Mocap = MadeTask<lyap::tasks::Mocap>;

namespace {

/// Column 0 of frame t of a recording; column 1 never moves, column 2 is its square.
double position(int recording, int t) {
  return 100 * recording + t;
}

/// A data folder with actions `run` (two files to train on, 20 and 30 frames, and one to test, 25)
/// and `rest` (10 frames each).
class Recorded {
 public:
  Recorded() {
    write("cmu_mocap/train/run/run_1.txt", 1, 20);
    write("cmu_mocap/train/run/run_2.txt", 2, 30);
    write("cmu_mocap/test/run/run_1.txt", 3, 25);
    write("cmu_mocap/train/rest/rest_1.txt", 4, 10);
    write("cmu_mocap/test/rest/rest_1.txt", 5, 10);
  }
  void write(const std::string& name, int recording, int frames) const {
    std::string text;
    for (int t = 0; t < frames; ++t)
      text += fmt::format("{},-0,{:.17g}\n", position(recording, t),
                          std::pow(position(recording, t), 2));
    folder.file(name, text);
  }
  Mocap task(Words words = {}) const {
    words.insert({{"actions", "[run]"}, {"window", "3"}, {"features", "0"}});
    return Mocap(words, folder.path());
  }
  std::string path(const std::string& name) const { return (folder / name).string(); }

  TemporaryFolder folder;
};

/// Mean and standard deviation of the positions of the frames first .. last of two recordings.
struct Statistics {
  double mean = 0, deviation = 0;
  explicit Statistics(const std::vector<std::pair<int, int>>& recordings) {
    double count = 0, squares = 0;
    for (const auto& [recording, frames] : recordings)
      for (int t = 0; t < frames; ++t)
        mean += position(recording, t), squares += std::pow(position(recording, t), 2), ++count;
    mean /= count;
    deviation = std::sqrt(squares / count - mean * mean);
  }
};

}  // namespace

TEST_CASE(
    "mocap: split by files, every window of every file in order, the target is the next frame") {
  const Recorded recorded;
  const Mocap task = recorded.task({{"split", "files"}, {"downsample", "1"}});
  const lyap_task_shape& shape = task.shape();
  CHECK(shape.inputs == 2);  // the column that never moves is left out
  CHECK(shape.outputs == 2);
  CHECK(shape.targets == 2);
  CHECK(shape.steps == 3);
  CHECK(shape.loss == LYAP_MEAN_SQUARED);
  CHECK(shape.next_step == 1);
  REQUIRE(shape.count[0] == 17 + 27);  // 20 - 3 and 30 - 3
  REQUIRE(shape.count[1] == 22);
  CHECK(shape.count[2] == 22);
  const Statistics all({{1, 20}, {2, 30}});
  for (const std::int64_t number : first(44)) {
    const int recording = number < 17 ? 1 : 2,
              start = static_cast<int>(number % 17) + (number < 34 ? 0 : 17);
    const Matrix x = task.input(Split::Train, {number}), y = task.target(Split::Train, {number});
    for (int t = 0; t < 3; ++t) {
      const double expected = (position(recording, start + t) - all.mean) / all.deviation;
      REQUIRE(x(0, t) == doctest::Approx(expected).epsilon(1e-12));
    }
    REQUIRE(y.leftCols(2) == x.rightCols(2));
    REQUIRE(y(0, 2) - y(0, 1) == doctest::Approx(1 / all.deviation).epsilon(1e-10));
  }
  CHECK(task.input(Split::Test, {4}) == task.input(Split::Validation, {4}));
}

TEST_CASE(
    "mocap: split by frames, the first 80 % of every file and the rest, scaled by the former") {
  const Recorded recorded;
  const Mocap task = recorded.task({{"downsample", "2"}, {"window", "1"}, {"features", "1"}});
  // 16 + 24 + 20 frames, then 4 + 6 + 5; every second one kept: 8 + 12 + 10, and 2 + 3 + 3.
  REQUIRE(task.shape().count[0] == 7 + 11 + 9);
  REQUIRE(task.shape().count[1] == 1 + 2 + 2);
  const Statistics trained({{1, 16}, {2, 24}, {3, 20}});
  const Matrix x = task.input(Split::Validation, first(5)),
               y = task.target(Split::Validation, first(5));
  const double expected[] = {position(1, 16), position(2, 24), position(2, 26), position(3, 20),
                             position(3, 22)};
  for (int i = 0; i < 5; ++i) {
    CHECK(x(0, i) ==
          doctest::Approx((expected[i] - trained.mean) / trained.deviation).epsilon(1e-12));
    CHECK(y(0, i) ==
          doctest::Approx((expected[i] + 2 - trained.mean) / trained.deviation).epsilon(1e-12));
  }
  const Mocap raw =
      recorded.task({{"downsample", "2"}, {"window", "1"}, {"features", "1"}, {"center", "off"}});
  CHECK(raw.input(Split::Validation, {0})(0, 0) ==
        doctest::Approx(position(1, 16) / trained.deviation).epsilon(1e-12));
}

TEST_CASE("mocap: fewer training windows are spread over all files") {
  const Recorded recorded;
  const Words words{{"split", "files"}, {"downsample", "1"}};
  Words few = words;
  few["limit_train"] = "4";
  const Mocap all = recorded.task(words), task = recorded.task(few);
  REQUIRE(task.shape().count[0] == 4);
  CHECK(task.input(Split::Train, first(4)) == all.input(Split::Train, {0, 11, 22, 33}));
  few["limit_train"] = "1000";
  CHECK(recorded.task(few).shape().count[0] == 44);
}

TEST_CASE("mocap: inputs of an analysis are stretches of the length asked for, spread over all") {
  const Recorded recorded;
  const Words words{{"split", "files"}, {"downsample", "1"}, {"drive", "24"}};
  const Mocap task = recorded.task(words);
  CHECK(task.shape().drive_steps == 24);
  CHECK(task.shape().drive_count[0] == 2);  // the test file has two stretches of 24, train 7
  // Sequence 21 of 22 has the second of two stretches, one frame later.
  const Matrix x = task.drive(Split::Validation, {0, 21}, 0, 24);
  for (Index t = 0; t + 1 < 24; ++t) REQUIRE(x.col(2 * t + 1) == x.col(2 * (t + 1)));
  CHECK(in_pieces(task, Split::Train, {0, 40}, {5, 1, 18}) ==
        task.drive(Split::Train, {0, 40}, 0, 24));
  CHECK(said([&] { task.drive(Split::Train, {0}, 20, 5); }) ==
        "an input has 24 steps, and 25 are asked for; raise `drive`, or lower `warmup` or `steps`");
  const Mocap window = recorded.task({{"split", "files"}});
  CHECK(window.shape().drive_steps == 3);
  CHECK(window.drive(Split::Train, {5}, 0, 3) == window.input(Split::Train, {5}));
}

TEST_CASE("mocap: persistence is the error of the frame before as the prediction") {
  const Recorded recorded;
  const Mocap task = recorded.task({{"split", "files"}, {"features", "1"}, {"downsample", "1"}});
  const Matrix target = task.target(Split::Train, {0, 20});
  const double step = 1 / Statistics({{1, 20}, {2, 30}}).deviation;
  CHECK(task.metrics(target, target).at("persistence") ==
        doctest::Approx(step * step).epsilon(1e-10));
  CHECK(recorded.task({{"window", "1"}}).metrics(Matrix(2, 1), Matrix(2, 1)).empty());
}

TEST_CASE("mocap: the change to the next frame as the target, whose square is persistence") {
  const Recorded recorded;
  const Words words{{"split", "files"}};
  Words changes = words;
  changes["target"] = "change";
  const Mocap frames = recorded.task(words), task = recorded.task(changes);
  const Numbers which{3, 0, 9};
  const Matrix y = task.target(Split::Train, which);
  CHECK(task.input(Split::Train, which) == frames.input(Split::Train, which));
  CHECK(y == frames.target(Split::Train, which) - frames.input(Split::Train, which));
  CHECK(task.metrics(y, y).at("persistence") == doctest::Approx(y.squaredNorm() / 18));
  CHECK(frames.shape().next_step == 1);
  CHECK(task.shape().next_step == 0);  // the prediction is no input
}

TEST_CASE("mocap: files in the order of their numbers, packed or not") {
  const Recorded recorded;
  recorded.write("cmu_mocap/train/run/run_10.txt", 10, 8);
  recorded.write("cmu_mocap/train/run/run_9.txt", 9, 8);
  recorded.write("cmu_mocap/train/run/run_x.txt", 11, 8);
  const Mocap task = recorded.task({{"split", "files"}, {"downsample", "1"}, {"features", "1"}});
  REQUIRE(task.shape().count[0] == 17 + 27 + 5 + 5);
  CHECK(task.input(Split::Train, {49})(0, 0) > task.input(Split::Train, {48})(0, 2));
}

TEST_CASE("mocap: a missing folder, a wrong line and too few frames are told with the remedy") {
  const Recorded recorded;
  const auto refusal = [&](const Words& words) { return said([&] { recorded.task(words); }); };
  const std::string folder = recorded.folder.path().string();
  CHECK(refusal({{"actions", "[fly]"}}).starts_with("there is no 'cmu_mocap/train/fly/fly_1.txt'"));
  CHECK(refusal({{"actions", "[fly]"}}).ends_with("into the folder 'cmu_mocap' there"));
  CHECK(refusal({{"actions", "[]"}}) == "`actions` names no folder; give one, e.g. [walking]");
  CHECK(refusal({{"window", "11"}}) ==
        recorded.path("cmu_mocap/train/run/run_2.txt") +
            " gives the validation split 3 frames, the most of all files, and 12 in a row are "
            "needed for `window: 11`; lower it or `downsample`");
  CHECK(refusal({{"drive", "5"}, {"window", "1"}}) ==
        recorded.path("cmu_mocap/train/run/run_2.txt") +
            " gives the validation split 3 frames, the most of all files, and 5 in a row are "
            "needed for `drive: 5`; lower it or `downsample`");
  CHECK(refusal({{"features", "3"}}) ==
        "`features: 3` asks for more than the 2 columns that vary over the training frames; lower "
        "it, or 0 for all");

  recorded.write("cmu_mocap/train/rest/rest_1.txt", 4, 1);
  recorded.write("cmu_mocap/test/rest/rest_1.txt", 5, 1);
  CHECK(refusal({{"actions", "[rest]"}, {"features", "1"}}) ==
        "`features: 1` asks for more than the 0 columns that vary over the training frames; get "
        "the files again");

  const std::string bad = "cmu_mocap/train/run/run_2.txt";
  const auto of_text = [&](const std::string& text) {
    recorded.folder.file(bad, text);
    return refusal({});
  };
  CHECK(of_text("1,2,3\n4,5,6\n7,8\n") ==
        recorded.path(bad) +
            ":3 has 2 numbers, and the lines before it 3; correct the line or get the file again");
  CHECK(of_text("1,2,3\n\n4,five,6\n") ==
        recorded.path(bad) +
            ":3: number 2 is 'five', which is no number; correct the line or get the file again");
  CHECK(of_text("1,2,\n") ==
        recorded.path(bad) +
            ":1: number 3 is '', which is no number; correct the line or get the file again");
  CHECK(of_text("1,2,3\n1,2,nan\n") ==
        recorded.path(bad) + ":2: number 3 is nan; replace or leave out what is not finite");
  CHECK(of_text("1,2,3\n-inf,2,3\n") ==
        recorded.path(bad) + ":2: number 1 is -inf; replace or leave out what is not finite");
  CHECK(of_text("1,2,1e999\n") ==
        recorded.path(bad) +
            ":1: number 3 is '1e999', which is no number; correct the line or get the file again");
  CHECK(of_text("\n \n") == recorded.path(bad) + " has no line of numbers; get it again");
  CHECK(of_text("1,2\n3,4\n") == recorded.path(bad) + " has 2 numbers a frame, and " +
                                     recorded.path("cmu_mocap/train/run/run_1.txt") +
                                     " 3; they do not belong together, get them again");
  CHECK(of_text("1, 2 ,3\r\n4,5,6").find("run_2") == std::string::npos);
}
