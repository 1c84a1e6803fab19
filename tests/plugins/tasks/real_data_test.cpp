// tests/plugins/tasks/real_data_test.cpp - facts about MNIST and War and Peace, where they are at
// hand.
#include <cmath>
#include <optional>

#include "../../../plugins/tasks/char_rnn.hpp"
#include "../../../plugins/tasks/smnist.hpp"
#include "base/error.hpp"
#include "data/locate.hpp"
#include "made_task.hpp"

using namespace lyap;
using namespace lyap::testing;
using Smnist = MadeTask<lyap::tasks::Smnist>;
using CharRnn = MadeTask<lyap::tasks::CharRnn>;

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
