// tests/framework/run/row_test.cpp - one network as one row: what is recorded, in both its files.
#include "run/row.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "../temporary_folder.hpp"
#include "base/error.hpp"

using namespace lyap::framework;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

using Doubles = std::vector<double>;
using Shape = std::vector<std::int64_t>;

MeasuredArray array(const std::string& port, const std::string& quantity, Shape shape,
                    Doubles values) {
  MeasuredArray made;
  made.port = port;
  made.doc = "what it is";
  made.quantity = Quantity::parse(quantity);
  made.shape = std::move(shape);
  made.values = std::move(values);
  return made;
}

Measurement spectrum_at(std::int64_t epoch, Doubles values, double seconds) {
  Measurement m;
  m.name = "le";
  m.epoch = epoch;
  m.seconds = seconds;
  const auto size = static_cast<std::int64_t>(values.size());
  m.arrays = {array("spectrum", "exponent[index] nats/step", {size}, std::move(values))};
  m.arrays[0].notes = {{"table", "for people"}, {"state", "hidden"}};
  return m;
}

/// Three epochs of training, of which that in the middle was kept; spectra of the first and last.
RunOutcome outcome() {
  RunOutcome made;
  made.training.history = {{0, 0.5, {{"loss", 3}}},
                           {1, 1.0, {{"loss", 1}, {"accuracy", 0.9}}},
                           {2, 2.0, {{"loss", 2}, {"accuracy", 0.8}}}};
  made.training.final_epoch = made.training.best_epoch = 1;
  made.training.last_epoch = 2;
  made.measurements = {spectrum_at(0, {0.5, -1, -infinity}, 0.25), spectrum_at(2, {0.1, -2}, 0.75)};
  made.parameters = 42;
  return made;
}

Row recorded_in(const std::vector<std::pair<std::string, std::string>>& record,
                const RunOutcome& outcome,
                std::vector<std::pair<std::string, std::string>> variables = {}) {
  Plan plan;
  plan.asked.variables = std::move(variables);
  Mistakes mistakes;
  for (const auto& [name, expression] : record)
    plan.asked.trials.record.push_back(
        {name, expression, {}, {}, *read_recorded(expression, {}, mistakes)});
  return row_of(plan, outcome);
}

MeasuredArray entry(const std::string& expression, const RunOutcome& from = outcome()) {
  return recorded_in({{"x", expression}}, from).at(0);
}

/// Bit for bit, so that NaN equals itself.
void check_same(const Doubles& a, const Doubles& b) {
  REQUIRE(a.size() == b.size());
  CHECK((a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0));
}

}  // namespace

TEST_CASE("a row: figures are those of the epoch whose weights were kept") {
  CHECK(entry("train.loss").values == Doubles{1});
  CHECK(entry("train.accuracy").values == Doubles{0.9});
  check_same(entry("train.perplexity").values, {missing});
  RunOutcome before = outcome();
  before.training.final_epoch = 0;
  CHECK(entry("train.loss", before).values == Doubles{3});
  check_same(entry("train.accuracy", before).values, {missing});
}

TEST_CASE("a row: figures at epochs, those that are not there missing") {
  const MeasuredArray listed = entry("train.loss[2, 0, 7]");
  CHECK(listed.shape == Shape{3});
  CHECK(listed.quantity.axes == std::vector<std::string>{"checkpoint"});
  check_same(listed.values, {2, 3, missing});
  CHECK(*listed.note("epochs") == "2 0 7");
  const MeasuredArray every = entry("train.accuracy[every]");
  check_same(every.values, {0.9, 0.8});
  CHECK(*every.note("epochs") == "1 2");
}

TEST_CASE(
    "a row: seconds of all training and of each epoch, of a measure, best epoch, parameters") {
  CHECK(entry("train.seconds").values == Doubles{3});  // epoch 0 trains nothing
  CHECK(entry("train.seconds").quantity.unit == "s");
  CHECK(entry("train.seconds[every]").values == Doubles{1, 2});
  CHECK(entry("train.seconds[1]").quantity.text() == "x[checkpoint] s");
  CHECK(entry("train.best_epoch").values == Doubles{1});
  CHECK(entry("le.seconds").values == Doubles{0.75});  // of one computation, the last
  CHECK(entry("le.seconds").quantity.unit == "s");
  CHECK(entry("cell.parameters").values == Doubles{42});
}

TEST_CASE("a row: a result is that of the last checkpoint, or one line an epoch") {
  const MeasuredArray last = entry("le.spectrum");
  CHECK(last.values == Doubles{0.1, -2});
  CHECK(last.quantity.text() == "x[index] nats/step");
  CHECK(last.doc == "what it is");
  CHECK(*last.note("state") == "hidden");
  CHECK_FALSE(last.note("table"));

  const MeasuredArray listed = entry("le.spectrum[0, 1, 2]");
  CHECK(listed.shape == Shape{3, 3});
  CHECK(listed.quantity.text() == "x[checkpoint, index] nats/step");
  check_same(listed.values, {0.5, -1, -infinity, missing, missing, missing, 0.1, -2, missing});
  CHECK(*listed.note("epochs") == "0 1 2");
  const MeasuredArray every = entry("le.spectrum[every]");
  CHECK(every.shape == Shape{2, 3});
  CHECK(*every.note("epochs") == "0 2");
}

TEST_CASE("a row of a network that ended before it was measured is missing throughout") {
  RunOutcome diverged;
  diverged.training.end = TrainingEnd::Diverged;
  check_same(entry("le.spectrum", diverged).values, {missing});
  check_same(entry("le.spectrum[0, 5]", diverged).values, {missing, missing});
  CHECK(entry("le.spectrum[every]", diverged).shape == Shape{0});
  check_same(entry("train.loss", diverged).values, {missing});
}

TEST_CASE("a row: variables are numbers or words, as the sweep wrote them") {
  const Row row = recorded_in({{"g", "$g"}, {"cell", "${cell}"}, {"no", "$no"}}, outcome(),
                              {{"cell", "lstm"}, {"g", "1.1"}});
  CHECK(row[0].values == Doubles{1.1});
  CHECK_FALSE(row[0].note("word"));
  CHECK(*row[1].note("word") == "lstm");
  check_same(row[2].values, {missing});
  CHECK(row[0].port == "g");
  CHECK(row[0].quantity.name == "g");
}

TEST_CASE("record.json shows numbers, words and lists in lists, null for what is not finite") {
  const Row row = recorded_in({{"loss", "train.loss"},
                               {"cell", "$cell"},
                               {"spectra", "le.spectrum[0, 1]"},
                               {"never", "le.spectrum[every]"}},
                              outcome(), {{"cell", "a \"b\""}});
  CHECK(json_of({row[0], row[1]}) == "{\n  \"loss\": 1.0,\n  \"cell\": \"a \\\"b\\\"\"\n}\n");
  CHECK(json_of({row[2]}) ==
        "{\n  \"spectra\": [\n    [\n      0.5,\n      -1.0,\n      null\n    ],\n    [\n      "
        "null,\n      null,\n      null\n    ]\n  ]\n}\n");
  CHECK(json_of({}) == "{}\n");
}

TEST_CASE("row.safetensors is the row, every bit of it") {
  const TemporaryFolder folder;
  Row row = recorded_in({{"g", "$g"}, {"cell", "$cell"}, {"spectra", "le.spectrum[0, 1, 2]"}},
                        outcome(), {{"g", "0.1"}, {"cell", "s\u00fcrpri\u00df \"x\"\n"}});
  row.push_back(array("odd", "odd[a, b] 1/s", {2, 2}, {-0.0, 5e-324, infinity, 1.0 / 3}));
  row.push_back(array("none", "none[a]", {0}, {}));
  write_row(folder / "row.safetensors", row);
  const Row again = read_row(folder / "row.safetensors");
  REQUIRE(again.size() == row.size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    CAPTURE(row[i].port);
    CHECK(again[i].port == row[i].port);
    CHECK(again[i].doc == row[i].doc);
    CHECK(again[i].quantity == row[i].quantity);
    CHECK(again[i].shape == row[i].shape);
    CHECK(again[i].notes == row[i].notes);
    check_same(again[i].values, row[i].values);
  }
}

TEST_CASE("a result that came in pieces is named in record.json and is in no table") {
  const TemporaryFolder folder;
  RunOutcome fields = outcome();
  for (Measurement& m : fields.measurements) {
    MeasuredArray jacobian = array("jacobian", "jacobian[time, unit]", {1000000, 1000000}, {});
    jacobian.field = "/run/fields/le_epoch-000" + std::to_string(m.epoch) + ".h5";
    jacobian.group = "le";
    m.arrays.push_back(jacobian);
  }
  for (const char* expression : {"le.jacobian", "le.jacobian[0, 2]", "le.jacobian[every]"}) {
    CAPTURE(expression);
    const Row row = recorded_in({{"J", expression}, {"loss", "train.loss"}}, fields);
    CHECK(json_of(row) ==
          "{\n  \"J\": \"fields/le_epoch-0002.h5:le/jacobian\",\n  \"loss\": 1.0\n}\n");
    write_row(folder / "row.safetensors", row);
    const Row again = read_row(folder / "row.safetensors");
    REQUIRE(again.size() == 1);
    CHECK(again[0].port == "loss");
  }
}

TEST_CASE("what is no row is refused by name") {
  const TemporaryFolder folder;
  const auto path = folder / "row.safetensors";
  TensorFile file;
  write_safetensors(path, file);
  CHECK_THROWS_WITH_AS(read_row(path),
                       (path.string() + ": not a row of a table of networks").c_str(), InputError);
  file.metadata["lyap_row"] = R"([{"name": "x"}])";
  file.tensors["x"] = Tensor::of({1}, Doubles{1});
  write_safetensors(path, file);
  CHECK_THROWS_AS(read_row(path), InputError);
  file.metadata["lyap_row"] = R"([{"name": "y", "doc": "", "quantity": "y", "notes": {}}])";
  write_safetensors(path, file);
  CHECK_THROWS_WITH_AS(read_row(path), ("'" + path.string() + "' has no tensor 'y'").c_str(),
                       InputError);
}
