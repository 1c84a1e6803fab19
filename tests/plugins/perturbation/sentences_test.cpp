// tests/plugins/perturbation/sentences_test.cpp - what it says of its numbers, and of settings that
// cannot work.
#include <sstream>

#include "small_run.hpp"

using namespace small_run;

namespace {

constexpr const char* few = "split: train, counts: [1, 2], draws: 2";

/// With the name of the analysis in front.
std::string refused(const Network& network, const std::string& options) {
  const TemporaryFolder folder;
  const std::string sentence =
      said([&] { Run(network.task(folder), network.cell(folder), perturbation(options)); });
  const std::string who = "analysis 'perturbation': ";
  CAPTURE(sentence);
  REQUIRE(sentence.starts_with(who));
  return sentence.substr(who.size());
}

}  // namespace

TEST_CASE("settings that cannot work are refused in a sentence") {
  const Network n = small_network();
  CHECK(refused(n, "counts: []") ==
        "`counts` is empty; say how many steps are changed at once, e.g. [1, 10, 100]");
  CHECK(refused(n, "counts: [1, 2.5]") == "`counts` are whole numbers of steps, and 2.5 is none");
  CHECK(refused(n, "split: train, counts: [9, 20]") ==
        "all `counts` are above the 8 steps of a sequence; lower them");
  CHECK(refused(n, "orders: [r, luck]") == "`orders` has 'luck'; an order is r, ftle or gradient");
  CHECK(refused(n, "published: [1, 2, 3]") ==
        "`published` has 3 numbers; it takes four a row: count, difference, standard error, p");
  CHECK(refused(n, std::string(few) + ", orders: []") ==
        "nothing ranks the steps; name orders in `orders` or connect port `score`");
}

TEST_CASE("a task without a loss, without classes, and inputs that cannot be flipped are refused") {
  const TemporaryFolder folder;
  const std::vector<double> values{0.5, 1, -0.25, 0.5, 1, 1, 0, 0};
  framework::write_npy(folder / "x.npy", {2, 4, 1}, std::span<const double>(values));
  const std::string file = "'" + (folder / "x.npy").string() + "'";
  const auto refuse = [&](const std::string& task, const std::string& options) {
    return said([&] { Run(task, "{use: rnn, with: {units: 3}}", perturbation(options)); });
  };
  const std::string next = "{use: arrays, with: {inputs: " + file +
                           ", targets: next, fractions: "
                           "[1, 0]}}";
  CHECK(refuse("{use: driven_noise, with: {inputs: 1}}", "counts: [1]") ==
        "analysis 'perturbation': what a perturbation does is measured by the loss, and this task "
        "has none; give it targets");
  CHECK(refuse(next, std::string(few) + ", choose: correct") ==
        "analysis 'perturbation': `choose: correct` needs a class that is named after the last "
        "step, and this task has none; say `choose: first`");
  CHECK(refuse(next, std::string(few) + ", change: flip") ==
        "analysis 'perturbation': sequence 0 has an input below 0 at step 3, which cannot be "
        "flipped; say `change: add`");
}

TEST_CASE(
    "a network that is never right has nothing to perturb, one that is rarely right says so") {
  Network n = small_network();
  for (std::size_t s = 0; s < n.x.size(); ++s) {
    Index top = 0;
    n.logits(n.x[s]).maxCoeff(&top);
    n.label[s] = (top + 1) % 3;
  }
  CHECK(refused(n, few) ==
        "the network classifies none of the 5 train sequences correctly; train it longer or say "
        "`choose: first`");
  for (const std::size_t s : {1, 4}) n.label[s] = (n.label[s] + 2) % 3;
  const TemporaryFolder folder;
  const Run run(n.task(folder), n.cell(folder), perturbation(few));
  CHECK(run.note("which") == "1, 4");
  CHECK(run.note("sequences") == "2");
  CHECK(run.note("sequences_fallback") == "15 sequences were asked; the split has no more than 5");
  CHECK(run.note("correct_fallback") ==
        "5 correctly classified sequences were asked; the network classifies 2 of 5 correctly");
  CHECK(run.warnings.size() == 2);
}

TEST_CASE("what was not asked for in so many words is said") {
  const Network n = small_network();
  const TemporaryFolder folder;
  const Run run(n.task(folder), n.cell(folder),
                perturbation("choose: first, sequences: 5, draws: 2, change: flip, counts: [2, 20, "
                             "1, 30, 2], published: [1, 0.5, 0.25, 0.023, 7, 1, 1, 0.5]"));
  CHECK(run["count"].values == std::vector<double>{1, 2});
  CHECK(run.note("split_fallback") == "the task has no test sequences; train was used");
  CHECK(run.note("counts_fallback") ==
        "sequences have 8 steps, so these counts were left out: 20, 30");
  CHECK(run.note("published_fallback") ==
        "published figures at counts that were not measured are not shown: 7");
  CHECK(run.note("loss") == "cross entropy, nats after the last step");
  CHECK(run.note("change") == "flip: above 0 to 0, from 0 to 1, every input of a step");
  CHECK(run.note("orientation") == "forward");
  CHECK(run.note("state") == "full");
  CHECK(run.note("q0") == "identity");
  CHECK(run.note("jacobian") == "analytic");
  CHECK(run.note("dtype") == "float64");
}

TEST_CASE("the table has short lines, a row a count, and published figures beside the ordering r") {
  const Network n = small_network();
  const TemporaryFolder folder;
  const Run run(n.task(folder), n.cell(folder),
                perturbation("split: train, choose: first, draws: 4, change: flip, counts: [1, 8], "
                             "published: [1, 0.5, 0.25, 0.023]"));
  std::istringstream text(run.note("test", "table"));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) {
    CHECK(line.size() < 96);
    lines.push_back(line);
  }
  REQUIRE(lines.size() == 12);
  CHECK(lines[0] ==
        "steps by r: loss difference beyond that of random steps, 5 sequences, 4 draws each");
  CHECK(lines[1] ==
        "  count difference     error   p (z)  p Welch  p Holm p paired |  published   error       "
        "p");
  CHECK(lines[2].ends_with(" |      0.500   0.250   0.023"));
  CHECK(lines[3] == "      8      0.000         -       -        -       -        -");
  CHECK(lines[5].find("published") == std::string::npos);
  const std::string sentence = run.note("test", "beats_random");
  CHECK(sentence.starts_with("r beats random steps at p < 0.05 (one-sided z) at "));
  CHECK(sentence.find(" of 1 count, after Holm's correction at ") != std::string::npos);
}

TEST_CASE("one sequence has no variance, and is not tested") {
  const Network n = small_network();
  const TemporaryFolder folder;
  const Run run(n.task(folder), n.cell(folder),
                perturbation(std::string(few) +
                             ", sequences: 1, choose: first, change: flip, orders: [ftle]"));
  CHECK(run.note("test", "beats_random") ==
        "ftle was not tested: that takes two sequences and a count below their length");
}

TEST_CASE("a network that draws noise is found out by running it twice") {
  const auto measured = [](const std::string& noise) {
    return std::make_unique<Run>("{use: digits, with: {order: rows, pool: 4, train: 4, test: 5}}",
                                 "{use: noisy, with: {units: 4, analysis_noise: " + noise + "}}",
                                 perturbation("choose: first, counts: [1], draws: 2, orders: [r]"));
  };
  CHECK(measured("on")->note("noise").starts_with("two runs on one unchanged sequence differ by "));
  CHECK(measured("off")->note("noise") == "no note noise");
}
