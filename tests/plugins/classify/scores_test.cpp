// tests/plugins/classify/scores_test.cpp - confusion matrices and scores against those by hand.
#include "small_table.hpp"

using namespace classify_test;

namespace {

/// Six networks; the median target is 3.5, so the first, third and sixth are accurate.
const std::vector<double> six{1, 5, 2, 6, 4, 3};

}  // namespace

TEST_CASE("the means of spectra against their median: counted by hand") {
  // Means 5 1 2 0 4 3, median 2.5: networks 0, 4 and 5 are called accurate.
  const Inputs inputs{{"target", target(six)},
                      {"spectra", spectra(1, 2, {6, 4, 2, 0, 3, 1, 1, -1, 5, 3, 4, 2})}};
  const Measurement m = classify("rules: [mean]", inputs);
  CHECK(row(m, "confusion", {0, 0, 0}) == Row{2, 1, 1, 2});
  CHECK(same(row(m, "scores", {0, 0, 0}), {2. / 3, 2. / 3, 2. / 3, 4. / 6}));
  CHECK(row(m, "mean", {0, 0}) == row(m, "scores", {0, 0, 0}));
  CHECK(row(m, "overall", {0}) == row(m, "scores", {0, 0, 0}));
  CHECK(row(m, "boundary", {0, 0}) == Row{2.5});
  CHECK(row(m, "orientation", {0}) == Row{1});
  CHECK(Field(m, "verdict").values() == Row{1, 0, 0, 0, 1, 1});
  CHECK(Field(m, "label").values() == Row{1, 0, 1, 0, 0, 1});
  CHECK(Field(m, "threshold").values() == Row{3.5});
  CHECK(Field(m, "networks").values() == Row{6});
  CHECK(Field(m, "positives").values() == Row{3});
  CHECK(Field(m, "rule").note("flag_meanings") == "mean");
  CHECK(Field(m, "score").note("flag_meanings") == "precision recall f1 accuracy");
  CHECK(Field(m, "cell").note("flag_meanings") == "tp fp fn tn");
}

TEST_CASE("the largest exponents, with an accurate side below: counted by hand") {
  // Largest 1 9 8 3 7 2, median 5, and accurate networks have smaller ones: 0, 3 and 5 are called.
  const Inputs inputs{{"target", target(six)},
                      {"spectra", spectra(1, 2, {1, 0, 9, 0, 8, -9, 3, 0, 7, 0, 2, 0})}};
  const Measurement m = classify("rules: [max]", inputs);
  CHECK(row(m, "orientation", {0}) == Row{-1});
  CHECK(Field(m, "verdict").values() == Row{1, 0, 0, 1, 0, 1});
  CHECK(row(m, "confusion", {0, 0, 0}) == Row{2, 1, 1, 2});
}

TEST_CASE("the accurate side is learned: turning all signs turns no verdict") {
  const std::vector<double> x{3, 1, 2, -5, 0.5, 4};
  std::vector<double> turned;
  for (const double value : x) turned.push_back(-value);
  for (const std::string boundary : {"median", "best"}) {
    const std::string options = "boundary: " + boundary;
    const Measurement a = classify(options, {{"target", target(six)}, {"raw", coordinate(x)}});
    const Measurement b = classify(options, {{"target", target(six)}, {"raw", coordinate(turned)}});
    CHECK(row(a, "verdict", {0, 0, 0}) == row(b, "verdict", {0, 0, 0}));
    CHECK(Field(a, "verdict").values() == Field(b, "verdict").values());
    CHECK(row(a, "orientation", {0})[0] == 1);
    CHECK(row(b, "orientation", {0})[0] == -1);
    CHECK(row(a, "boundary", {0, 0})[0] == -row(b, "boundary", {0, 0})[0]);
  }
}

TEST_CASE("the side is learned on the training part alone") {
  // Larger is accurate in training, smaller in the test part.
  const Inputs inputs{{"target", target({1, 2, 5, 6, 1, 2, 5, 6})},
                      {"raw", coordinate({8, 7, 2, 1, 3, 4, 5, 6})},
                      {"part", part({0, 0, 0, 0, 2, 2, 2, 2})}};
  const Measurement m = classify("rules: [raw.1], evaluate: test", inputs);
  CHECK(row(m, "orientation", {0}) == Row{1});
  CHECK(row(m, "confusion", {0, 0, 0}) == Row{0, 2, 2, 0});
  CHECK(same(row(m, "scores", {0, 0, 0}), {0, 0, 0, 0}));
}

TEST_CASE("median labels and a median boundary give equal precision, recall and F1") {
  for (const std::int64_t n : {2, 10, 64, 200}) {
    std::vector<double> loss, x;
    for (std::int64_t i = 0; i < n; ++i) {
      // Two permutations of distinct numbers.
      loss.push_back(static_cast<double>((i * 7919 + 3) % 100003));
      x.push_back(static_cast<double>((i * 104729 + 11) % 99991));
    }
    const Measurement m = classify("", {{"target", target(loss)}, {"raw", coordinate(x)}});
    const Row scores = row(m, "scores", {0, 0, 0});
    CHECK(scores[0] == scores[1]);
    CHECK(scores[1] == scores[2]);
  }
}

TEST_CASE("what lies on the median is on neither side: strictly below and strictly beyond") {
  // Of five the third is the median of the targets and of the scalar.
  const Measurement odd = classify("rules: [raw.1]", {{"target", target({1, 2, 3, 4, 5})},
                                                      {"raw", coordinate({5, 4, 3, 2, 1})}});
  CHECK(Field(odd, "label").values() == Row{1, 1, 0, 0, 0});
  CHECK(Field(odd, "verdict").values() == Row{1, 1, 0, 0, 0});
  CHECK(row(odd, "confusion", {0, 0, 0}) == Row{2, 0, 0, 3});
  // Ties: the median is 2, and only one is strictly below.
  const Measurement tied = classify("rules: [raw.1]", {{"target", target({1, 2, 2, 2, 5})},
                                                       {"raw", coordinate({9, 4, 4, 4, 1})}});
  CHECK(Field(tied, "positives").values() == Row{1});
  CHECK(Field(tied, "verdict").values() == Row{1, 0, 0, 0, 0});
}

TEST_CASE("a threshold given as a number, and the median of the training part") {
  const Inputs inputs{{"target", target({1, 2, 3, 10, 20})},
                      {"raw", coordinate({5, 4, 3, 2, 1})},
                      {"part", part({0, 0, 1, 2, 2})}};
  CHECK(Field(classify("label: 2.5", inputs), "label").values() == Row{1, 1, 0, 0, 0});
  CHECK(Field(classify("label: 2", inputs), "label").values() == Row{1, 0, 0, 0, 0});
  CHECK(Field(classify("label_of: train", inputs), "threshold").values() == Row{1.5});
  CHECK(Field(classify("", inputs), "threshold").values() == Row{3});
}

TEST_CASE("scores of nothing are missing, and F1 without a hit is 0") {
  // Nobody is called accurate: the boundary is the threshold, and no prediction lies below.
  const Inputs inputs{
      {"target", target({1, 2, 3, 4})},
      {"prediction", array("loss[seed, network, checkpoint]", {1, 4, 1}, {9, 9, 9, 9})}};
  const Measurement m = classify("", inputs);
  CHECK(same(row(m, "scores", {0, 0, 0}), {missing, 0, 0, 0.5}));
  // Nobody is accurate.
  const Measurement none = classify("label: 0", inputs);
  CHECK(same(row(none, "scores", {0, 0, 0}), {missing, missing, missing, 1}));
}

TEST_CASE("a predicted loss is held against the threshold of the label, whatever the boundary") {
  const Inputs inputs{
      {"target", target(six)},
      {"prediction", array("loss[seed, network, checkpoint]", {1, 6, 1}, {3, 3.4, 3.5, 9, 2, 3})}};
  for (const std::string boundary : {"median", "best"}) {
    const Measurement m = classify("boundary: " + boundary, inputs);
    CHECK(Field(m, "verdict").values() == Row{1, 1, 0, 0, 1, 1});
    CHECK(row(m, "confusion", {0, 0, 0}) == Row{2, 2, 1, 1});
    CHECK(same(row(m, "scores", {0, 0, 0}), {0.5, 2. / 3, 4. / 7, 0.5}));
    CHECK(row(m, "boundary", {0, 0}) == Row{3.5});
  }
}

TEST_CASE("the loss at a checkpoint against the final threshold and against the epoch's median") {
  // Losses fall from the first checkpoint to the second; 0 is not measured at the first.
  const Inputs inputs{{"target", target({1, 2, 3, 4})},
                      {"loss", losses(2, {missing, 1.5, 9, 2, 8, 2.4, 7, 5})},
                      {"epoch", array("epoch[checkpoint]", {2}, {0, 4})}};
  const Measurement final = classify("", inputs);
  CHECK(row(final, "confusion", {0, 0, 0}) == Row{0, 0, 1, 2});
  CHECK(row(final, "confusion", {0, 1, 0}) == Row{2, 1, 0, 1});
  CHECK(row(final, "boundary", {0, 0}) == Row{2.5});
  const Measurement own = classify("loss_threshold: epoch_median", inputs);
  CHECK(row(own, "boundary", {0, 0}) == Row{8});
  CHECK(same(row(own, "boundary", {0, 1}), {2.2}));
  CHECK(row(own, "confusion", {0, 0, 0}) == Row{0, 1, 1, 1});
  CHECK(row(own, "confusion", {0, 1, 0}) == Row{2, 0, 0, 2});
  // Together: the sums of both.
  CHECK(same(row(own, "overall", {0}), {2. / 3, 2. / 3, 2. / 3, 5. / 7}));
}
