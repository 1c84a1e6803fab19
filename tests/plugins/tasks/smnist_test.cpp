// tests/plugins/tasks/smnist_test.cpp - images as sequences: orders, splits, pooling, bad files.
#include "../../../plugins/tasks/smnist.hpp"

#include <algorithm>
#include <thread>

#include "../../framework/data/data_environment.hpp"
#include "image_files.hpp"
#include "made_task.hpp"

using namespace lyap;
using namespace lyap::testing;
using Smnist = MadeTask<lyap::tasks::Smnist>;

TEST_CASE("row by row, step t of image b is row t of it, divided by 255") {
  const ImageFiles files(5, 3);
  const Smnist task(Words{}, files.path());
  CHECK(task.shape().inputs == 28);
  CHECK(task.shape().steps == 28);
  CHECK(task.shape().outputs == 10);
  CHECK(task.shape().targets == 1);
  CHECK(task.shape().loss == LYAP_CROSS_ENTROPY);
  CHECK(task.shape().last_step_only == 1);
  CHECK(task.symbols() ==
        std::vector<std::string>{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"});
  const Numbers which{4, 1};
  const Matrix x = task.input(Split::Train, which);
  for (int t = 0; t < 28; ++t)
    for (int b = 0; b < 2; ++b)
      for (int i = 0; i < 28; ++i)
        REQUIRE(x(i, t * 2 + b) == pixel_of(false, static_cast<int>(which[b]), 28 * t + i) / 255.0);
  CHECK(task.target(Split::Train, which) == Matrix{{2, 3}});
}

TEST_CASE("pixel by pixel, the image is read in raster order") {
  const ImageFiles files(5, 3);
  const Smnist task(Words{{"order", "pixels"}}, files.path());
  CHECK(task.shape().inputs == 1);
  CHECK(task.shape().steps == 784);
  const Matrix x = task.input(Split::Test, {2, 0});
  for (int t = 0; t < 784; ++t) {
    REQUIRE(x(0, t * 2) == pixel_of(true, 2, t) / 255.0);
    REQUIRE(x(0, t * 2 + 1) == pixel_of(true, 0, t) / 255.0);
  }
}

TEST_CASE("a permutation reads every pixel once, in the same order in every image and every run") {
  const ImageFiles files(3, 2);
  const auto read = [&](const char* number, std::uint64_t seed, int image) {
    const Smnist task(Words{{"order", "permuted_pixels"}, {"permutation", number}}, files.path(),
                      seed);
    const Matrix x = task.input(Split::Train, {image});
    std::vector<int> places;  // pixel p of image i is i + p below 251: unique in the first 251 - i
    for (int t = 0; t < 784; ++t) places.push_back(static_cast<int>(std::lround(255 * x(0, t))));
    return places;
  };
  const std::vector<int> order = read("1", 1, 0);
  std::vector<int> pixels = order, raster;
  for (int p = 0; p < 784; ++p) raster.push_back(p % 251);
  CHECK(order != raster);
  std::ranges::sort(pixels), std::ranges::sort(raster);
  CHECK(pixels == raster);
  CHECK(read("1", 99, 0) == order);
  CHECK(read("2", 1, 0) != order);
  const std::vector<int> next = read("1", 1, 1);
  for (int t = 0; t < 784; ++t) REQUIRE(next[t] == (order[t] + 1) % 251);
}

TEST_CASE("a sequence says which pixel of the picture each of its inputs is") {
  const ImageFiles files(2, 1);
  for (const char* order : {"rows", "pixels", "permuted_pixels"}) {
    CAPTURE(order);
    const Smnist task(Words{{"order", order}}, files.path());
    const lyap_task_shape& shape = task.shape();
    CHECK(shape.picture_rows == 28);
    CHECK(shape.picture_cols == 28);
    CHECK((shape.pixels == nullptr) == (std::string(order) != "permuted_pixels"));
    const Matrix x = task.input(Split::Train, {1});  // inputs in the order they are read
    for (Index i = 0; i < 784; ++i) {
      const auto place = static_cast<int>(shape.pixels ? shape.pixels[i] : i);
      REQUIRE(x.data()[i] == pixel_of(false, 1, place) / 255.0);
    }
  }
  const Smnist pooled(Words{{"pool", "4"}}, files.path());
  CHECK(pooled.shape().picture_rows == 7);
}

TEST_CASE("the permutation called 1 is the same in every version of this program") {
  // Computed by a second program in another language.
  const std::vector<std::int64_t> order = lyap::tasks::Seeded(1).permutation(784);
  CHECK(std::vector(order.begin(), order.begin() + 8) ==
        std::vector<std::int64_t>{74, 663, 224, 531, 2, 486, 651, 83});
}

TEST_CASE("pooling averages blocks of pixels") {
  const ImageFiles files(2, 1);
  const Smnist task(Words{{"pool", "7"}, {"order", "pixels"}}, files.path());
  CHECK(task.shape().steps == 16);
  const Matrix x = task.input(Split::Train, {1});
  for (int row = 0; row < 4; ++row)
    for (int column = 0; column < 4; ++column) {
      double sum = 0;
      for (int y = 0; y < 7; ++y)
        for (int i = 0; i < 7; ++i) sum += pixel_of(false, 1, (7 * row + y) * 28 + 7 * column + i);
      REQUIRE(x(0, 4 * row + column) == doctest::Approx(sum / 49 / 255).epsilon(1e-15));
    }
  CHECK(Smnist(Words{{"pool", "2"}}, files.path()).shape().inputs == 14);
  CHECK(said([&] {
          Smnist(Words{{"pool", "3"}}, files.path());
        }) == "`pool: 3` does not divide the 28 pixels of a side; use 1, 2, 4, 7, 14 or 28");
}

TEST_CASE(
    "all training images are trained on and the test images validate, unless some are held out") {
  const ImageFiles files(10, 4);
  const Smnist papers(Words{}, files.path());
  CHECK(papers.shape().count[0] == 10);
  CHECK(papers.shape().count[1] == 4);
  CHECK(papers.shape().count[2] == 4);
  CHECK(papers.input(Split::Validation, first(4)) == papers.input(Split::Test, first(4)));

  const Smnist held(Words{{"holdout", "3"}}, files.path());
  CHECK(held.shape().count[0] == 7);
  CHECK(held.shape().count[1] == 3);
  CHECK(held.shape().count[2] == 4);
  CHECK(held.input(Split::Validation, first(3)) == papers.input(Split::Train, {7, 8, 9}));
  CHECK(held.target(Split::Validation, first(3)) == papers.target(Split::Train, {7, 8, 9}));
  CHECK(held.input(Split::Test, first(4)) == papers.input(Split::Test, first(4)));

  const Smnist small(Words{{"holdout", "2"}, {"limit_train", "6"}, {"limit_test", "1"}},
                     files.path());
  CHECK(small.shape().count[0] == 4);
  CHECK(small.shape().count[1] == 2);
  CHECK(small.shape().count[2] == 1);
  CHECK(small.input(Split::Validation, first(2)) == papers.input(Split::Train, {4, 5}));
  CHECK(said([&] {
          Smnist(Words{{"holdout", "10"}}, files.path());
        }) == "`holdout: 10` leaves none of the 10 training images to train on; lower it");
}

TEST_CASE("float32 images are the float64 ones rounded") {
  const ImageFiles files(6, 2);
  const Smnist task(Words{{"pool", "2"}}, files.path());
  CHECK(task.input<float>(Split::Train, first(6)) ==
        task.input(Split::Train, first(6)).cast<float>());
  CHECK(task.target<float>(Split::Train, first(6)) ==
        task.target(Split::Train, first(6)).cast<float>());
}

TEST_CASE("the image drives an analysis in pieces of any length, and no further than its end") {
  const ImageFiles files(3, 2);
  for (const char* order : {"rows", "pixels", "permuted_pixels"}) {
    const Smnist task(Words{{"order", order}}, files.path());
    const Matrix whole = task.input(Split::Test, {1, 0});
    CHECK(in_pieces(task, Split::Test, {1, 0}, {1, 20, 7}) == whole.leftCols(2 * 28));
    CHECK(task.shape().drive_steps == task.shape().steps);
  }
  const Smnist task(Words{}, files.path());
  CHECK(said([&] { task.drive(Split::Test, {0}, 20, 9); }) ==
        "an image is read in 28 steps, and 29 are asked for; lower `warmup` or `steps`");
  CHECK(said([&] { task.drive(Split::Test, {2}, 0, 1); }) ==
        "sequence 2 of the test split is asked for, which has 2; ask for fewer");
  CHECK(said([&] { task.input(Split::Train, {-1}); }) ==
        "sequence -1 of the training split is asked for, which has 3; ask for fewer");
}

TEST_CASE("several threads may fetch images at a time") {
  const ImageFiles files(20, 2);
  const Smnist task(Words{{"order", "permuted_pixels"}}, files.path());
  const Matrix expected = task.input(Split::Train, first(20));
  std::vector<Matrix> fetched(4);
  {
    std::vector<std::jthread> threads;
    for (Matrix& mine : fetched)
      threads.emplace_back([&] { mine = task.input(Split::Train, first(20)); });
  }
  for (const Matrix& mine : fetched) CHECK(mine == expected);
}

TEST_CASE("files that are no images with labels are refused with the file's name") {
  const auto refusal = [](const ImageFiles& files) {
    return said([&] { Smnist(Words{}, files.path()); });
  };
  {
    const ImageFiles files(3, 2);
    const std::string labels = files.replace("train-labels-idx1-ubyte", idx({2}, {1, 2}));
    const std::string images = (files.path() / "mnist/train-images-idx3-ubyte").string();
    CHECK(refusal(files) == images + " holds 3 images and " + labels +
                                " 2 labels; they do not belong together, get them again");
  }
  {
    const ImageFiles files(3, 2);
    const std::string labels = files.replace("t10k-labels-idx1-ubyte", idx({2}, {9, 10}));
    CHECK(refusal(files) == labels + ": label 1 is 10, and labels are 0 to 9; get the file again");
  }
  {
    const ImageFiles files(3, 2);
    const std::string images =
        files.replace("train-images-idx3-ubyte", idx({3, 32, 28}, Bytes(3 * 32 * 28)));
    CHECK(refusal(files) ==
          images + " holds 3 x 32 x 28 numbers, and images of 28 x 28 are needed");
  }
  {
    const ImageFiles files(3, 2);
    const std::string labels =
        files.replace("train-labels-idx1-ubyte", idx({3, 28, 28}, Bytes(3 * 784)));
    CHECK(refusal(files) ==
          labels + " holds 3 x 28 x 28 numbers, and one label for each image is needed");
  }
}

TEST_CASE("missing images: the sentence says which command gets them, and that digits needs none") {
  const DataEnvironment nowhere(nullptr, nullptr, nullptr);
  const TemporaryFolder empty;
  const std::string sentence = said([&] { Smnist(Words{}, empty.path()); });
  CAPTURE(sentence);
  CHECK(
      sentence.starts_with("there is no 'mnist/train-images-idx3-ubyte' or "
                           "'mnist/train-images-idx3-ubyte.gz' in '" +
                           empty.path().string() + "'"));
  CHECK(sentence.ends_with(
      "where to get it: `lyap data fetch mnist`; the task `digits` needs no download"));
}

TEST_CASE("missing images of another data set: the sentence says which files are needed") {
  const TemporaryFolder empty;
  const std::string sentence = said([&] { Smnist(Words{{"folder", "fashion"}}, empty.path()); });
  CAPTURE(sentence);
  CHECK(sentence.ends_with(
      "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and "
      "t10k-labels-idx1-ubyte.gz of the MNIST database or of one like it, into the folder "
      "'fashion' there; the task `digits` needs no download"));
}
