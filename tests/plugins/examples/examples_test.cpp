// tests/plugins/examples/examples_test.cpp - what a network makes of a few sequences.
#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "../measured.hpp"
#include "examples/sampled_text.hpp"

using namespace measured;

TEST_CASE("a symbol is drawn where the sum of probabilities passes the number") {
  Vector p(3);
  p << 0.2, 0.5, 0.3;
  CHECK(lyap::examples::drawn(p, 0.0) == 0);
  CHECK(lyap::examples::drawn(p, 0.2) == 1);
  CHECK(lyap::examples::drawn(p, 0.69) == 1);
  CHECK(lyap::examples::drawn(p, 0.7) == 2);
  CHECK(lyap::examples::drawn(p, 0.9999999) == 2);
}

TEST_CASE("probabilities sum to one, and a low temperature prefers the likeliest") {
  Matrix output(3, 1);
  output << 1000, 999, -1000;
  const Vector warm = lyap::examples::softmax(output, 1.0);
  CHECK(warm.sum() == doctest::Approx(1));
  CHECK(warm[0] == doctest::Approx(1 / (1 + std::exp(-1.0))));
  CHECK(lyap::examples::softmax(output, 0.01)[0] == doctest::Approx(1));
}

TEST_CASE("of pictures the class, the answer with its probability, and the picture are shown") {
  const Case digits("{use: digits, with: {train: 20, test: 20, noise: 0}}",
                    "{use: rnn, with: {units: 8}}",
                    "{use: examples, with: {sequences: 2, units: 3}}");
  const Measurement m = digits.measure().front();
  const MeasuredArray& p = *m.find("probability");
  CHECK(p.shape == std::vector<std::int64_t>{2, 10});
  CHECK(std::accumulate(p.values.begin(), p.values.end(), 0.0) == doctest::Approx(2));
  CHECK(p.note("table")->find("sequence  class  answer  probability\n0 ") == 0);
  CHECK(m.find("activity")->shape == std::vector<std::int64_t>{2, 28, 3});
  CHECK(*m.find("activity")->note("unit_names") == "unit 1, unit 3, unit 6");
  const MeasuredArray& picture = *m.find("pictures");
  CHECK(picture.shape == std::vector<std::int64_t>{2, 28, 28});
  for (const double grey : picture.values) CHECK((grey >= 0 && grey <= 1));
  CHECK(m.find("prediction") == nullptr);
}

TEST_CASE("of signals the output stands beside the target, step by step") {
  const Case sines("{use: adding, with: {}}", "{use: rnn, with: {units: 4}}",
                   "{use: examples, with: {sequences: 2}}");
  const Measurement m = sines.measure().front();
  const MeasuredArray& output = *m.find("prediction");
  CHECK(output.shape.size() == 3);
  CHECK(output.shape[0] == 2);
  for (const double value : output.values) CHECK(std::isfinite(value));
}

TEST_CASE("two blanks of a written text do not look like columns of a table") {
  const std::string text = lyap::examples::without_columns("end.   Next");
  CHECK(text.find("  ") == std::string::npos);
  CHECK(text == "end. \u00A0 Next");
}

TEST_CASE("a network that was left nowhere cannot go on from there") {
  const Case sines("{use: adding, with: {}}", "{use: rnn, with: {units: 4}}",
                   "{use: examples, with: {start: carried}}");
  CHECK_THROWS_WITH(
      sines.measure(),
      doctest::Contains("`start: carried` goes on where training left the network, and this one "
                        "was left nowhere"));
}
