// tests/plugins/tasks/arrays_test.cpp - the user's own arrays: shapes, targets, splits, bad files.
#include "../../../plugins/tasks/arrays.hpp"

#include <limits>

#include "../../framework/temporary_folder.hpp"
#include "made_task.hpp"

using namespace lyap;
using namespace lyap::testing;
using Arrays = MadeTask<lyap::tasks::Arrays>;

namespace {

/// Arrays in a folder. Values count 0, 1, 2, ... unless they are given.
struct Files {
  std::string write(const std::string& name, const std::vector<std::int64_t>& shape,
                    std::vector<double> values = {}) const {
    std::int64_t size = 1;
    for (const std::int64_t extent : shape) size *= extent;
    for (std::int64_t i = std::ssize(values); i < size; ++i)
      values.push_back(static_cast<double>(i));
    const std::filesystem::path path = folder / name;
    framework::write_npy(path, shape, std::span<const double>(values));
    return path.string();
  }
  TemporaryFolder folder;
};

}  // namespace

TEST_CASE("three indices are sequences, steps and numbers") {
  const Files files;
  const Arrays task(Words{{"inputs", files.write("x.npy", {4, 3, 2})}});
  CHECK(task.shape().inputs == 2);
  CHECK(task.shape().steps == 3);
  CHECK(task.shape().loss == LYAP_NO_LOSS);
  CHECK(task.shape().count[0] == 4);
  CHECK(task.shape().count[1] == 4);
  CHECK(task.shape().count[2] == 4);
  // Sequence 3 begins at 18, sequence 1 at 6; column t*2 + b.
  CHECK(task.input(Split::Test, {3, 1}) == Matrix{{18, 6, 20, 8, 22, 10}, {19, 7, 21, 9, 23, 11}});
  CHECK(task.drive(Split::Validation, {3, 1}, 1, 2) == Matrix{{20, 8, 22, 10}, {21, 9, 23, 11}});
  CHECK(in_pieces(task, Split::Train, {0, 2}, {1, 2}) == task.input(Split::Train, {0, 2}));
  CHECK(task.input<float>(Split::Train, {0}) == task.input(Split::Train, {0}).cast<float>());
  CHECK(said([&] { task.drive(Split::Train, {0}, 1, 3); }) ==
        files.folder.path().string() +
            "/x.npy has sequences of 3 steps, and 4 are asked for; lower `warmup` or `steps`");
}

TEST_CASE("two indices are the steps and numbers of one sequence, which is in every split") {
  const Files files;
  const Arrays task(Words{{"inputs", files.write("x.npy", {5, 2})}, {"targets", "next"}});
  CHECK(task.shape().count[0] == 1);
  CHECK(task.shape().count[1] == 1);
  CHECK(task.shape().steps == 4);
  CHECK(task.shape().drive_steps == 5);
  CHECK(task.shape().next_step == 1);
  CHECK(task.shape().loss == LYAP_MEAN_SQUARED);
  CHECK(task.shape().targets == 2);
  CHECK(task.input(Split::Train, {0}) == Matrix{{0, 2, 4, 6}, {1, 3, 5, 7}});
  CHECK(task.target(Split::Train, {0}) == Matrix{{2, 4, 6, 8}, {3, 5, 7, 9}});
}

TEST_CASE("targets are told apart by their shape") {
  const Files files;
  const std::string x = files.write("x.npy", {4, 3, 2});
  const auto task = [&](const std::string& y, const std::string& loss = "auto") {
    return Arrays(Words{{"inputs", x}, {"targets", y}, {"loss", loss}, {"fractions", "[1, 0]"}});
  };
  {
    const Arrays numbers = task(files.write("y.npy", {4, 3, 5}));
    CHECK(numbers.shape().loss == LYAP_MEAN_SQUARED);
    CHECK(numbers.shape().outputs == 5);
    CHECK(numbers.shape().targets == 5);
    CHECK(numbers.shape().last_step_only == 0);
    CHECK(numbers.target(Split::Train, {1}).col(2) == Vector{{25, 26, 27, 28, 29}});
  }
  {
    const Arrays last = task(files.write("y.npy", {4, 2}), "mean_absolute");
    CHECK(last.shape().loss == LYAP_MEAN_ABSOLUTE);
    CHECK(last.shape().last_step_only == 1);
    CHECK(last.target(Split::Train, {3, 0}) == Matrix{{6, 0}, {7, 1}});
  }
  {
    const Arrays classes = task(files.write("y.npy", {4, 3}, {0, 2, 1, 2, 2, 2, 0, 0, 0, 1, 1, 1}));
    CHECK(classes.shape().loss == LYAP_CROSS_ENTROPY);
    CHECK(classes.shape().outputs == 3);
    CHECK(classes.shape().targets == 1);
    CHECK(classes.target(Split::Train, {0, 3}) == Matrix{{0, 1, 2, 1, 1, 1}});
  }
  {
    const Arrays classes = task(files.write("y.npy", {4}, {0, 2, 1, 4}));
    CHECK(classes.shape().outputs == 5);
    CHECK(classes.shape().last_step_only == 1);
    CHECK(classes.target(Split::Train, {3, 0}) == Matrix{{4, 0}});
  }
  {
    const Arrays numbers = task(files.write("y.npy", {4}, {0, 2, 1, 4.5}));
    CHECK(numbers.shape().loss == LYAP_MEAN_SQUARED);
    CHECK(numbers.shape().outputs == 1);
    CHECK(numbers.target(Split::Train, {3}) == Matrix{{4.5}});
  }
  {
    // As many numbers as steps, all whole: classes, unless the loss says otherwise.
    const std::string y = files.write("y.npy", {4, 3});
    CHECK(task(y).shape().loss == LYAP_CROSS_ENTROPY);
    CHECK(task(y, "mean_squared").shape().outputs == 3);
    CHECK(task(y, "mean_squared").shape().last_step_only == 1);
    CHECK(task(y, "none").shape().loss == LYAP_NO_LOSS);
  }
}

TEST_CASE("targets of one sequence come without the index of the sequence") {
  const Files files;
  const std::string x = files.write("x.npy", {3, 2});
  const auto task = [&](const std::string& y) {
    return Arrays(Words{{"inputs", x}, {"targets", y}});
  };
  const Arrays classes = task(files.write("y.npy", {3}, {1, 0, 1}));
  CHECK(classes.shape().loss == LYAP_CROSS_ENTROPY);
  CHECK(classes.target(Split::Validation, {0}) == Matrix{{1, 0, 1}});
  const Arrays number = task(files.write("y.npy", {3}, {1, 0, -1}));
  CHECK(number.shape().loss == LYAP_MEAN_SQUARED);
  CHECK(number.target(Split::Train, {0}) == Matrix{{1, 0, -1}});
  CHECK(task(files.write("y.npy", {3, 2})).target(Split::Train, {0}) ==
        Matrix{{0, 2, 4}, {1, 3, 5}});
}

TEST_CASE("sequences with targets are shared in the order of the file") {
  const Files files;
  const Arrays task(Words{{"inputs", files.write("x.npy", {10, 2, 1})},
                          {"targets", files.write("y.npy", {10}, {0, 1, 0, 1, 0, 1, 0, 1, 0, 1})}});
  CHECK(task.shape().count[0] == 8);
  CHECK(task.shape().count[1] == 1);
  CHECK(task.shape().count[2] == 1);
  CHECK(task.input(Split::Train, {7}) == Matrix{{14, 15}});
  CHECK(task.input(Split::Validation, {0}) == Matrix{{16, 17}});
  CHECK(task.input(Split::Test, {0}) == Matrix{{18, 19}});
  CHECK(task.target(Split::Test, {0}) == Matrix{{1}});
}

TEST_CASE("arrays that do not fit say what they hold and what is needed") {
  const Files files;
  const std::string x = files.write("x.npy", {4, 3, 2});
  const auto refusal = [&](Words words) {
    words.emplace("inputs", x);
    return said([&] { Arrays task(words); });
  };
  const std::string flat = files.write("flat.npy", {12});
  CHECK(refusal({{"inputs", flat}}) ==
        flat + " holds 12 numbers, and inputs are [sequences, steps, numbers] or [steps, numbers]");
  const std::string five = files.write("five.npy", {5, 3, 2});
  CHECK(refusal({{"targets", five}}) ==
        five +
            " holds 5 x 3 x 2 numbers for inputs of 4 x 3 x 2; targets are [sequences, steps, "
            "numbers], [sequences, numbers], [sequences, steps] of classes or [sequences]");
  const std::string half = files.write("half.npy", {4}, {0, 1, 1.5, 2});
  CHECK(refusal({{"targets", half}, {"loss", "cross_entropy"}}) ==
        half + ": the number at [2] is 1.500000, and classes are 0, 1, 2, ... up to a million");
  CHECK(refusal({{"targets", five}, {"loss", "cross_entropy"}}) ==
        five +
            " holds 5 x 3 x 2 numbers for inputs of 4 x 3 x 2; classes are [sequences, steps] or "
            "[sequences]");
  const std::string y = files.write("y.npy", {4}, {0, 1, 7, 2});
  CHECK(refusal({{"targets", y}, {"classes", "7"}}) ==
        "`classes: 7` is too few, " + y + " has a class 7; leave `classes` out");
  CHECK(Arrays(Words{{"inputs", x}, {"targets", y}, {"classes", "9"}}).shape().outputs == 9);
  CHECK(refusal({{"loss", "mean_squared"}}) ==
        "`loss: mean_squared` needs `targets`, a .npy file or `next`");
  CHECK(refusal({{"targets", "next"}, {"loss", "cross_entropy"}}) ==
        "`targets: next` are numbers and not classes; use `loss: mean_squared` or `loss: "
        "mean_absolute`");
  const std::string short_one = files.write("short.npy", {4, 1, 2});
  CHECK(refusal({{"inputs", short_one}, {"targets", "next"}}) ==
        short_one + " has sequences of one step, and `targets: next` needs two or more");
  CHECK(refusal({{"targets", y}, {"fractions", "[0.2, 0.8]"}}) ==
        x + " has 4 sequences, of which none is left to train on; give more of them or a larger "
            "first share in `fractions`");
}

TEST_CASE("a number that is not finite is named by its index") {
  const Files files;
  std::vector<double> values(24);
  values[4 * 2 + 2 * 2 + 1] = std::numeric_limits<double>::quiet_NaN();
  const std::string x = files.write("x.npy", {3, 4, 2}, values);
  CHECK(said([&] {
          Arrays(Words{{"inputs", x}});
        }) == x + ": the number at [1, 2, 1] is NaN; replace or leave out what is not finite");
  const std::string good = files.write("good.npy", {3, 4, 2});
  const std::string y = files.write("y.npy", {3}, {1, -std::numeric_limits<double>::infinity(), 0});
  CHECK(said([&] {
          Arrays(Words{{"inputs", good}, {"targets", y}});
        }) == y + ": the number at [1] is infinite; replace or leave out what is not finite");
  const std::string none = files.write("none.npy", {0, 4, 2});
  CHECK(said([&] { Arrays(Words{{"inputs", none}}); }) == none + " holds no number");
}
