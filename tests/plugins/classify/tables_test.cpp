// tests/plugins/classify/tables_test.cpp - seeds, what is left out, intervals, tables, refusals.
#include "base/stop.hpp"
#include "small_table.hpp"

using namespace classify_test;
using lyap::Index;

namespace {

/// 0 .. n-1 in another order for every stream.
std::vector<double> shuffled(const std::string& stream, Index n) {
  struct Key {
    double key;
    Index i;
  };
  std::vector<Key> keys;
  std::size_t hash = std::hash<std::string>{}(stream);
  for (Index i = 0; i < n; ++i) {
    hash = hash * 6364136223846793005U + 1442695040888963407U;
    keys.push_back({static_cast<double>(hash >> 11), i});
  }
  std::sort(keys.begin(), keys.end(), [](const Key& a, const Key& b) { return a.key < b.key; });
  std::vector<double> order;
  for (const Key& k : keys) order.push_back(static_cast<double>(k.i));
  return order;
}

}  // namespace

TEST_CASE("networks without a target, a part or a spectrum are left out and told") {
  const double inf = std::numeric_limits<double>::infinity();
  Place place;
  const Measurement m = classify(
      "rules: [mean]",
      {{"target", target({1, 2, 8, 9, missing, inf, 1, 8})},
       {"spectra", spectra(1, 2, {9, 9, 8, 8, 2, 2, 1, missing, 5, 5, 5, 5, 5, 5, 5, -inf})},
       {"part", part({0, 0, 0, 0, 0, 0, missing, 0})}},
      place);
  // Of six finite targets the median is 5; the fourth is one exponent shorter and stays.
  CHECK(Field(m, "threshold").values() == Row{5});
  CHECK(Field(m, "networks").values() == Row{5});
  CHECK(row(m, "confusion", {0, 0, 0}) == Row{2, 0, 0, 2});
  CHECK(same(Field(m, "label").values(), {1, 1, 0, 0, missing, missing, missing, 0}));
  const std::string out = "3 of 8 networks were left out: 2 without a finite target, 1 in no part";
  const std::string lacking =
      "verdicts left out of 5 (networks x checkpoints), since what the rule needs is not finite "
      "there: mean 1";
  CHECK(place.warnings == std::vector<std::string>{out, lacking});
  CHECK(measured::note(m, "left_out") == out);
  CHECK(measured::note(m, "missing") == lacking);
}

TEST_CASE("seeds of one port are met by the single seed of another") {
  // AeLLE has two seeds, the first perfect, the second useless; raw has one.
  const Measurement m = classify("rules: [raw.1, aelle.1]",
                                 {{"target", target({1, 2, 3, 4})},
                                  {"raw", coordinate({4, 3, 2, 1})},
                                  {"aelle", coordinates({2, 4, 1, 1}, {4, 3, 2, 1, 4, 1, 3, 2})}});
  CHECK(Field(m, "scores").shape() == std::vector<std::int64_t>{2, 1, 2, 4});
  CHECK(row(m, "confusion", {0, 0, 0}) == Row{2, 0, 0, 2});
  CHECK(row(m, "confusion", {1, 0, 0}) == Row{2, 0, 0, 2});
  CHECK(row(m, "confusion", {0, 0, 1}) == Row{2, 0, 0, 2});
  CHECK(row(m, "confusion", {1, 0, 1}) == Row{1, 1, 1, 1});
  CHECK(row(m, "mean", {0, 1})[2] == 0.75);
  CHECK(row(m, "deviation", {0, 1})[2] == doctest::Approx(std::sqrt(0.125)));
  CHECK(std::isnan(row(m, "deviation", {0, 0})[2]));
}

TEST_CASE("what is unrelated to the loss scores one half") {
  const Index n = 2000;
  const Measurement m =
      classify("rules: [raw.1], draws: 300",
               {{"target", target(shuffled("loss", n))}, {"raw", coordinate(shuffled("raw", n))}});
  const double f1 = row(m, "overall", {0})[2];
  // The share of hits among 1000 of 2000 drawn without replacement has a deviation of 0.011, and
  // the side is chosen by the same correlation.
  CHECK(f1 == doctest::Approx(0.5).epsilon(0.08));
  CHECK(row(m, "overall_lower", {0})[2] < f1);
  CHECK(row(m, "overall_upper", {0})[2] > f1);
}

TEST_CASE("bootstrap intervals are those of a share, and the same every time") {
  // 100 networks, accuracy 0.8: a binomial share has a deviation of 0.04.
  std::vector<double> loss, predicted;
  for (Index i = 0; i < 100; ++i) {
    const bool wrong = i % 5 == 0;
    loss.push_back(static_cast<double>(i));
    predicted.push_back((i < 50) == wrong ? 99 : 0);
  }
  const Inputs inputs{
      {"target", target(loss)},
      {"prediction", array("loss[seed, network, checkpoint]", {1, 100, 1}, predicted)}};
  const Measurement m = classify("draws: 2000", inputs);
  CHECK(same(row(m, "overall", {0}), {0.8, 0.8, 0.8, 0.8}));
  const double low = row(m, "lower", {0, 0})[3], high = row(m, "upper", {0, 0})[3];
  CHECK(low == doctest::Approx(0.8 - 1.96 * 0.04).epsilon(0.03));
  CHECK(high == doctest::Approx(0.8 + 1.96 * 0.04).epsilon(0.03));
  const Measurement again = classify("draws: 2000", inputs);
  CHECK(Field(again, "lower").values() == Field(m, "lower").values());
  CHECK(Field(again, "upper").values() == Field(m, "upper").values());
  lyap::framework::Workers one(1);
  Place alone;
  alone.surroundings.workers = &one;
  CHECK(Field(classify("draws: 2000", inputs, alone), "lower").values() ==
        Field(m, "lower").values());
  const Measurement none = classify("draws: 0", inputs);
  CHECK(std::isnan(row(none, "lower", {0, 0})[2]));
}

TEST_CASE("checkpoints of one network are drawn together") {
  // The same verdicts at one, and at four checkpoints: intervals are no narrower for it.
  std::vector<double> loss, once, often;
  for (Index i = 0; i < 40; ++i) {
    loss.push_back(i < 20 ? 1 : 9);
    once.push_back((i % 4 == 0) == (i < 20) ? 9 : 1);
    for (int c = 0; c < 4; ++c) often.push_back(once.back());
  }
  const Measurement a =
      classify("label: 5, draws: 500", {{"target", target(loss)}, {"loss", losses(1, once)}});
  const Measurement b =
      classify("label: 5, draws: 500", {{"target", target(loss)}, {"loss", losses(4, often)}});
  CHECK(same(row(a, "overall_lower", {0}), row(b, "overall_lower", {0})));
  CHECK(same(row(a, "overall_upper", {0}), row(b, "overall_upper", {0})));
}

TEST_CASE("groups are told by their words, each with its own scores") {
  const Measurement m =
      classify("rules: [raw.1]",
               {{"target", target({1, 2, 3, 4, 5, 6})},
                {"raw", coordinate({6, 5, 1, 4, 3, 2})},
                {"group", array("group[network]", {6}, {0, 0, 0, 2, 2, 2}, "gru rnn lstm")}});
  CHECK(Field(m, "kind").note("flag_meanings") == "gru lstm");
  CHECK(same(row(m, "by_kind", {0, 0}), {1, 2. / 3, 0.8, 2. / 3}));
  CHECK(same(row(m, "by_kind", {1, 0}), {0, missing, 0, 2. / 3}));
  CHECK(Field(m, "by_kind").note("table") ==
        "F1 in group     n  accurate  raw.1\n"
        "gru             3         3  0.800\n"
        "lstm            3         0  0.000");
}

TEST_CASE("groups without words are told by their numbers, and many rules take several blocks") {
  std::vector<double> x;
  for (Index i = 0; i < 40; ++i) x.push_back(std::sin(static_cast<double>(i * i)));
  const Measurement m = classify("cells: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]",
                                 {{"target", target({1, 2, 3, 4})},
                                  {"aelle", coordinates({1, 4, 1, 10}, x)},
                                  {"group", array("group[network]", {4}, {64, 64, 128, missing})}});
  CHECK(Field(m, "kind").note("flag_meanings") == "64 128");
  const std::string table = Field(m, "by_kind").note("table");
  std::size_t heads = 0, longest = 0, from = 0;
  for (std::size_t end = 0; end != std::string::npos; from = end + 1) {
    end = table.find('\n', from);
    const std::string line = table.substr(from, end == std::string::npos ? end : end - from);
    heads += line.starts_with("F1 in group");
    longest = std::max(longest, line.size());
  }
  CHECK(heads == 2);
  CHECK(longest <= 97);
}

TEST_CASE("one checkpoint is one table, beside what was published") {
  const Inputs inputs{{"target", target({1, 2, 3, 4, missing})},
                      {"spectra", spectra(1, 2, {6, 4, 4, 3, 2, 1, 9, -9, 0, 0})}};
  const std::string heading =
      "4 networks, 2 accurate: target strictly below 2.5, the median of all finite targets\n"
      "1 of 5 networks were left out: 1 without a finite target\n";
  const Measurement m = classify("rules: [mean, max], published: [mean=0.705]", inputs);
  CHECK(Field(m, "mean").note("table") ==
        heading +
            "rule            n  recall precision     F1    | published\n"
            "mean            4   1.000     1.000  1.000    |     0.705\n"
            "max             4   0.500     0.500  0.500    |");
  // Printed 0.74, but the printed recall and precision give 0.722.
  const Measurement rows =
      classify("rules: [mean, max], published: [mean=0.705, max=0.594/0.919/0.74]", inputs);
  CHECK(Field(rows, "mean").note("table") ==
        heading +
            "rule            n  recall precision     F1    | recall precision     F1 from row\n"
            "mean            4   1.000     1.000  1.000    |      -         -  0.705        -\n"
            "max             4   0.500     0.500  0.500    |  0.594     0.919  0.740    0.722\n"
            "right of the bar: published, and the F1 that its recall and precision give");
}

TEST_CASE("several checkpoints are told by their epochs, and the course of F1 below") {
  const Measurement m = classify("label: 2.5, published: [loss@1=0.5, loss=0.9]",
                                 {{"target", target({1, 2, 3, 4})},
                                  {"loss", losses(2, {1, 1, 9, 2, 8, 3, 7, 4})},
                                  {"epoch", array("epoch[checkpoint]", {2}, {0, 5})}});
  CHECK(Field(m, "overall").note("table") ==
        "F1 at epoch           0      5    all\n"
        "loss              0.667  1.000  0.857");
  const std::string table = Field(m, "mean").note("table");
  CHECK(table.find("epoch 5\n") != std::string::npos);
  CHECK(table.find("all checkpoints together\n") != std::string::npos);
  CHECK(table.find("loss            4   1.000     1.000  1.000    |     0.500\n") !=
        std::string::npos);
}

TEST_CASE("without names every rule whose port is connected is there") {
  std::vector<double> loss, x;
  for (Index i = 0; i < 12; ++i) loss.push_back(static_cast<double>(i));
  for (Index i = 0; i < 48; ++i) x.push_back(std::sin(static_cast<double>(i * i)));
  Place place;
  const Measurement m = classify("",
                                 {{"target", target(loss)},
                                  {"spectra", spectra(1, 4, x)},
                                  {"raw", coordinates({1, 12, 1, 4}, x)},
                                  {"aelle", coordinates({1, 12, 1, 4}, x)},
                                  {"loss", losses(1, loss)}},
                                 place);
  CHECK(Field(m, "rule").note("flag_meanings") ==
        "mean max raw.1 aelle.1 regression.spectra regression.raw[2] regression.aelle[2] cells.1 "
        "cells.2 cells.4 loss");
  CHECK(place.warnings ==
        std::vector<std::string>{"rules were left out: rule 'cells.10' needs 10 components, and "
                                 "port 'aelle' has 4"});
  CHECK(row(m, "overall", {10}) == Row{1, 1, 1, 1});
}

TEST_CASE("a training part that says nothing of the side is told") {
  Place place;
  classify("label: 100", {{"target", target({1, 2, 3})}, {"raw", coordinate({1, 2, 3})}}, place);
  CHECK(place.warnings.at(0) ==
        "the training part says nothing about accurate networks by raw.1: it is empty there, of "
        "one class, or uncorrelated");
}

TEST_CASE("published figures of what was not measured are told") {
  Place place;
  classify("rules: [raw.1], published: [aelle.1=0.9, raw.1@3=0.5, raw.1=0.5]",
           {{"target", target({1, 2})}, {"raw", coordinate({2, 1})}}, place);
  CHECK(place.warnings ==
        std::vector<std::string>{
            "published figures of what was not measured are not shown: aelle.1, raw.1@3"});
}

TEST_CASE("Ctrl-C ends it, and none of it is kept") {
  lyap::framework::Stop stop;
  stop.ask();
  Place place;
  place.surroundings.stop = &stop;
  const std::string sentence = measured::refusal([&] {
    classify("", {{"target", target({1, 2})}, {"raw", coordinate({2, 1})}}, place);
  });
  CHECK(sentence.find("the classification was interrupted; none of it is kept") !=
        std::string::npos);
}

TEST_CASE("what cannot be classified is refused with the remedy") {
  const Inputs raw{{"target", target({1, 2})}, {"raw", coordinate({1, 2})}};
  CHECK(refused("", {{"target", target({1, 2})}}) ==
        "there is nothing to classify by; connect spectra, raw, aelle, prediction or loss");
  CHECK(refused("label: high", raw) == "`label` is median or a number, not 'high'");
  CHECK(refused("cells: [1.5]", raw) == "`cells` are whole numbers, and 1.5 is none");
  CHECK(refused("rules: [mean]", raw) ==
        "rule 'mean' needs port 'spectra', to which nothing is connected");
  CHECK(refused("rules: [raw.2]", raw) ==
        "rule 'raw.2' needs 2 components, and port 'raw' has 1; take fewer");
  CHECK(refused("rules: [raw.1, raw.1]", raw) == "`rules` names 'raw.1' twice");
  CHECK(refused("rules: [median]", raw) ==
        "`rules` has 'median'; a rule is mean, max, raw.1, aelle.1, regression.spectra, "
        "regression.raw, regression.aelle, prediction, cells or loss");
  CHECK(refused("published: [raw.1]", raw) ==
        "`published` has 'raw.1'; it is written rule=F1, rule=recall/precision/F1 or, at the "
        "checkpoint number 2, rule@2=F1, with figures from 0 to 1");
  CHECK(refused("published: [raw.1=70.5]", raw).starts_with("`published` has 'raw.1=70.5'"));
  CHECK(refused("evaluate: test", raw) ==
        "`evaluate: test`, but the test part holds no network with a finite target; connect port "
        "'part' or say `evaluate: all`");
  CHECK(refused("", {{"target", target({1, 2})}, {"raw", coordinate({1, 2, 3})}}) ==
        "port 'raw' holds 3 networks, but port 'target' 2; take both from the same networks and "
        "checkpoints");
  CHECK(refused("", {{"target", target({missing, 2})},
                     {"raw", coordinate({1, 2})},
                     {"part", part({0, 2})}}) ==
        "the training part holds no network with a finite target, and nothing can be learned; "
        "change the parts");
  CHECK(
      refused("",
              {{"target", target({1, 2})}, {"raw", coordinate({1, 2})}, {"part", part({0, 4})}}) ==
      "port 'part' holds 4, but a part is 0 (train), 1 (validation) or 2 (test)");
  CHECK(refused("", {{"target", target({1, 2})}, {"spectra", spectra(1, 2, {1, 2, 3, missing})}}) ==
        "regression.spectra needs spectra of a common length, and network 1 has 1 of 2 exponents; "
        "interpolate them first, or name other `rules`");
}
