// tests/framework/pipeline/recorded_test.cpp - what a column may hold, form by form.
#include "pipeline/recorded.hpp"

#include <doctest/doctest.h>

#include "swept.hpp"

using namespace lyap::framework;

namespace {

using What = Recorded::What;
using Which = Epochs::Which;

Recorded recorded(const std::string& expression) {
  Mistakes mistakes;
  const auto read = read_recorded(expression, {}, mistakes);
  CHECK(lines(mistakes) == "");
  REQUIRE(read);
  return *read;
}

/// What is said of it behind the sentence that they all begin with.
std::string refused_as(const std::string& expression) {
  Mistakes mistakes;
  CHECK_FALSE(read_recorded(expression, {}, mistakes));
  REQUIRE(mistakes.size() == 1);
  const std::string begin =
      "a column is $VARIABLE, train.FIGURE or STEP.RESULT, with [every] or [0, 1, 5] behind it for "
      "several epochs; got '" +
      expression + "'";
  const std::string& sentence = mistakes.list()[0].sentence;
  REQUIRE(sentence.substr(0, begin.size()) == begin);
  return sentence.substr(begin.size());
}

}  // namespace

TEST_CASE("a column is a variable, a figure, a result, a time or a count") {
  struct {
    const char* expression;
    What what;
    const char *step, *name;
  } const cases[] = {
      {"$gain", What::Variable, "gain", ""},
      {"${gain_2}", What::Variable, "gain_2", ""},
      {"train.validation_loss", What::Figure, "train", "validation_loss"},
      {"train.seconds", What::TrainingSeconds, "train", "seconds"},
      {"train.best_epoch", What::BestEpoch, "train", "best_epoch"},
      {"le.spectrum", What::Result, "le", "spectrum"},
      {"le.seconds", What::Seconds, "le", "seconds"},
      {"cell.parameters", What::Parameters, "cell", "parameters"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.expression);
    const Recorded read = recorded(c.expression);
    CHECK(read.what == c.what);
    CHECK(read.step == c.step);
    CHECK(read.name == c.name);
    CHECK_FALSE(read.at);
  }
}

TEST_CASE("figures, results and times of training may be those of several epochs") {
  for (const std::string what : {"train.loss", "train.seconds", "le.spectrum"}) {
    CAPTURE(what);
    CHECK(recorded(what + "[every]").at->which == Which::Every);
    const Recorded listed = recorded(what + "[0, 1,  5 ]");
    CHECK(listed.at->which == Which::Listed);
    CHECK(listed.at->listed == std::vector<std::int64_t>{0, 1, 5});
    CHECK(listed.name == what.substr(what.find('.') + 1));
    CHECK(recorded(what + "[7]").at->listed == std::vector<std::int64_t>{7});
  }
}

TEST_CASE("what a column may not be is refused, and what comes nearest is named") {
  for (const char* expression : {"",
                                 "$",
                                 "${",
                                 "${}",
                                 "${g",
                                 "$g + 1",
                                 "a + b",
                                 "le",
                                 "le.",
                                 ".spectrum",
                                 "le.spectrum[",
                                 "le.spectrum[]",
                                 "le.spectrum[last]",
                                 "le.spectrum[0,]",
                                 "le.spectrum[-1]",
                                 "le.spectrum[1.5]",
                                 "le.spectrum[0][1]",
                                 "le.spectrum[0] ",
                                 "le.spec trum",
                                 "le.a.b",
                                 "le[0].spectrum",
                                 "$g[0]",
                                 "le.spectrum[99999999999999999999]"}) {
    CAPTURE(expression);
    CHECK(refused_as(expression) == "");
  }
  CHECK(refused_as("cell.units") == "; of the cell there is cell.parameters");
  CHECK(refused_as("task.loss") ==
        "; figures of the task are those of training, such as train.validation_loss");
  CHECK(refused_as("cell.parameters[0]") == ", which has no epochs");
  CHECK(refused_as("train.best_epoch[every]") == ", which has no epochs");
  CHECK(refused_as("le.seconds[every]") == ", which has no epochs");
}
