// tests/plugins/tasks/copy_test.cpp - symbols, blanks, marker, recall: each at its step.
#include "../../../plugins/tasks/copy.hpp"

#include <cmath>

#include "made_task.hpp"

using namespace lyap;
using namespace lyap::testing;
using Copy = MadeTask<lyap::tasks::Copy>;

namespace {

/// The symbol of each step of one sequence; -1 where a column is not one 1 among zeros.
std::vector<Index> symbols_of(const Matrix& input) {
  std::vector<Index> symbols;
  for (Index t = 0; t < input.cols(); ++t) {
    Index symbol;
    const bool one = input.col(t).maxCoeff(&symbol) == 1 && input.col(t).sum() == 1 &&
                     input.col(t).minCoeff() == 0;
    symbols.push_back(one ? symbol : -1);
  }
  return symbols;
}

}  // namespace

TEST_CASE(
    "copy: 10 symbols, T0 - 1 blanks, the marker, 10 blanks, then T0 + 10 blanks and the symbols") {
  for (const Index blanks : {1, 2, 100}) {
    const Copy task(Words{{"blanks", std::to_string(blanks)}});
    CHECK(task.shape().inputs == 10);
    CHECK(task.shape().outputs == 10);
    REQUIRE(task.shape().steps == blanks + 20);
    CHECK(task.shape().loss == LYAP_CROSS_ENTROPY);
    CHECK(task.shape().last_step_only == 0);
    for (const std::int64_t number : first(5)) {
      const auto said_before = symbols_of(task.input(Split::Train, {number}));
      const Matrix target = task.target(Split::Train, {number});
      for (Index t = 0; t < blanks + 20; ++t) {
        const Index symbol = said_before[static_cast<std::size_t>(t)];
        if (t < 10)
          REQUIRE((symbol >= 0 && symbol < 8));
        else
          REQUIRE(symbol == (t == blanks + 9 ? 9 : 8));
        REQUIRE(target(0, t) ==
                (t < blanks + 10 ? 8
                                 : static_cast<double>(
                                       said_before[static_cast<std::size_t>(t - blanks - 10)])));
      }
    }
  }
}

TEST_CASE("copy: the classes are the symbols, blank and marker") {
  CHECK(Copy(Words{{"alphabet", "3"}}).symbols() ==
        std::vector<std::string>{"0", "1", "2", "blank", "marker"});
}

TEST_CASE("copy: all symbols are equally likely, so that guessing costs 10 ln 8 / (T0 + 20)") {
  const Copy task(Words{{"blanks", "1"}, {"train", "4000"}});
  const Matrix target = task.target(Split::Train, first(4000)).rightCols(40000);
  double chi = 0;
  for (int symbol = 0; symbol < 8; ++symbol) {
    const double found = static_cast<double>((target.array() == symbol).count());
    chi += (found - 5000) * (found - 5000) / 5000;
  }
  CHECK(chi < 7 + 5 * std::sqrt(14.0));  // chi^2 of 7 degrees of freedom, five deviations
}

TEST_CASE("copy: recall counts the symbols that are said again, not the blanks") {
  const Copy task(Words{{"blanks", "3"}, {"symbols", "2"}, {"alphabet", "4"}});
  const Matrix target = task.target(Split::Train, {0, 1, 2});
  REQUIRE(target.cols() == 7 * 3);
  Matrix right = Matrix::Zero(6, 21);
  for (Index column = 0; column < 21; ++column)
    right(static_cast<Index>(target(0, column)), column) = 1;
  CHECK(task.metrics(right, target).at("recall") == 1);
  Matrix wrong = right;
  wrong.leftCols(15).setOnes();  // blanks do not count
  for (const Index column : {15, 20}) wrong.col(column) = right.col(column).reverse();
  CHECK(task.metrics(wrong, target).at("recall") == doctest::Approx(4. / 6).epsilon(1e-15));
}

TEST_CASE("copy: a sequence is the same alone and among others, another with another seed") {
  const Words words{{"blanks", "2"}};
  const Copy task(words);
  const Matrix both = task.input(Split::Test, {3, 8}), alone = task.input(Split::Test, {8});
  for (Index t = 0; t < 22; ++t) CHECK(both.col(2 * t + 1) == alone.col(t));
  CHECK(task.drive(Split::Test, {8}, 4, 10) == alone.middleCols(4, 10));
  CHECK(task.input(Split::Train, {8}) != alone);
  CHECK(Copy(words, "", 2).input(Split::Test, {8}) != alone);
  CHECK(task.input<float>(Split::Test, {8}).cast<double>() == alone);
}
