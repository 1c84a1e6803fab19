// tests/framework/pipeline/sweep_substitute_test.cpp - a pipeline with the values of a point in it.
#include <doctest/doctest.h>

#include "pipeline/pipeline.hpp"
#include "pipeline/sweep.hpp"
#include "swept.hpp"

using namespace lyap::framework;

namespace {

const Point point = {0, {{"g", "1.4"}, {"gain", "2"}, {"cell", "gru"}}};

const Node& at(const Node& tree, std::initializer_list<const char*> path) {
  const Node* node = &tree;
  for (const char* key : path) node = node->find(key);
  return *node;
}

/// What becomes of a value under trials.task.
std::string filled(const std::string& value) {
  Node tree = yaml("trials:\n  task: " + value + "\n");
  Mistakes mistakes;
  substitute(tree, point, mistakes);
  return mistakes.empty() ? at(tree, {"trials", "task"}).text : lines(mistakes);
}

std::string unused(const std::string& text) {
  const Node tree = yaml(text);
  Mistakes mistakes;
  const Sweep sweep = Sweep::read(at(tree, {"trials", "sweep"}), {}, 1, mistakes);
  refuse_unused(tree, sweep, mistakes);
  return lines(mistakes);
}

}  // namespace

TEST_CASE("a variable is replaced by its value wherever it stands in a text") {
  CHECK(filled("$g") == "1.4");
  CHECK(filled("$gain") == "2");
  CHECK(filled("${g}ain") == "1.4ain");
  CHECK(filled("\"normal(density=0.1, gain=$g)\"") == "normal(density=0.1, gain=1.4)");
  CHECK(filled("$cell.$g-$g") == "gru.1.4-1.4");
  CHECK(filled("'$$g is $g$$'") == "$g is 1.4$");
  CHECK(filled("'$$$g'") == "$1.4");
  CHECK(filled("nothing") == "nothing");
}

TEST_CASE("a value keeps its place, and a plain one stays plain") {
  Node tree = yaml("trials:\n  task: {use: t, with: {a: $g, b: '$g', c: [$g, 3]}}\n");
  Mistakes mistakes;
  substitute(tree, point, mistakes);
  const Node& with = at(tree, {"trials", "task", "with"});
  CHECK(to_string(with.find("a")->place) == "p.yaml:2:28");
  CHECK_FALSE(with.find("a")->quoted);
  CHECK(with.find("b")->quoted);
  CHECK(with.find("c")->children[0].text == "1.4");
}

TEST_CASE("how it is swept, what is recorded, keys and the rest of the file stay") {
  const std::string text =
      "seed: $gain\nname: $g\ntrials:\n  sweep: {g: $gain}\n  sampling: {order: $g}\n"
      "  record: {g: $g}\n  measure:\n    - {use: $cell, $g: 1}\nstudy:\n  - {use: $g}\n";
  Node tree = yaml(text);
  Mistakes mistakes;
  substitute(tree, point, mistakes);
  CHECK(mistakes.empty());
  CHECK(at(tree, {"seed"}).text == "2");
  CHECK(at(tree, {"name"}).text == "$g");
  CHECK(at(tree, {"trials", "sweep", "g"}).text == "$gain");
  CHECK(at(tree, {"trials", "sampling", "order"}).text == "$g");
  CHECK(at(tree, {"trials", "record", "g"}).text == "$g");
  CHECK(at(tree, {"trials", "measure"}).children[0].find("use")->text == "gru");
  CHECK(at(tree, {"trials", "measure"}).children[0].find("$g")->text == "1");
  CHECK(at(tree, {"study"}).children[0].find("use")->text == "$g");
}

TEST_CASE("a variable that is not there is refused with its remedy") {
  CHECK(filled("$gian") == "p.yaml:2:9: 'sweep' has no variable 'gian'; did you mean 'gain'?\n");
  CHECK(filled("${learning_rate}") ==
        "p.yaml:2:9: 'sweep' has no variable 'learning_rate'; it has g, gain, cell\n");
  CHECK(filled("'5 $ each'") ==
        "p.yaml:2:9: '5 $ each' has a '$' that begins no variable, such as $name or ${name}; write "
        "$$ for a dollar sign\n");
  CHECK(filled("'${g'") ==
        "p.yaml:2:9: '${g' has a '$' that begins no variable, such as $name or ${name}; write $$ "
        "for a dollar sign\n");
  Node tree = yaml("trials: {task: $g}\n");
  Mistakes mistakes;
  substitute(tree, {}, mistakes);
  CHECK(lines(mistakes) ==
        "p.yaml:1:16: 'sweep' has no variable 'g'; give it values there, or write $$ for a dollar "
        "sign\n");
}

TEST_CASE("a variable that changes no network is a mistake, a count is none") {
  CHECK(unused("seed: $s\ntrials:\n  sweep:\n    s: [1, 2]\n    draw: {count: 3}\n    g: [1]\n"
               "    h: [2]\n    r: $h + 1\n  cell: \"x(${g})\"\n  task: {with: {a: [$r]}}\n") ==
        "");
  CHECK(unused("trials:\n  sweep: {g: [1, 2], gg: 3}\n  task: $gg\n") ==
        "p.yaml:2:11: 'g' changes no network; write $g under 'trials' where its value belongs, or "
        "take it out of 'sweep'\n");
  CHECK(unused("trials:\n  sweep: {g: [1, 2]}\n  task: $$g\n").starts_with("p.yaml:2:11: 'g' ch"));
}

TEST_CASE("being recorded is no use of a variable, but of an expression") {
  const std::string record = "  task: $g\n  record: {g: $g, h: $h}\n";
  CHECK(unused("trials:\n  sweep: {g: [1, 2], h: [1, 2]}\n" + record)
            .starts_with("p.yaml:2:22: 'h' changes no network"));
  CHECK(unused("trials:\n  sweep: {g: [1, 2], h: 2 * $g}\n" + record) == "");
  // p is drawn for a column that says nothing about any network.
  CHECK(unused("trials:\n  sweep: {g: [1, 2], p: {uniform: [0, 1]}, h: 2 * $p}\n" + record)
            .starts_with("p.yaml:2:22: 'p' changes no network"));
}

TEST_CASE("what a broken expression names is not called unused beside") {
  CHECK(unused("trials:\n  sweep:\n    p: [1, 2]\n    std: sqrt($p\n  task: $std\n") ==
        "p.yaml:4:10: the expression needs ')' after '$p'\n");
}

TEST_CASE("trials keep what is said of sampling") {
  const Pipeline p = parse(yaml("lyap: 1\ntrials:\n  task: t\n  cell: c\n  sweep: {n: {count: 2}}\n"
                                "  sampling: {draws: sobol}\n"),
                           "p.yaml");
  CHECK(p.trials.sampling.find("draws")->text == "sobol");
  CHECK(parse(yaml("lyap: 1\ntrials: {task: t, cell: c}\n"), "p.yaml")
            .trials.sampling.is(Node::Kind::Null));
}
