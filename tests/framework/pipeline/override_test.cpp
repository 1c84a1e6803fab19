// tests/framework/pipeline/override_test.cpp - values replaced by presets and -s.
#include "pipeline/override.hpp"

#include <doctest/doctest.h>

#include "said.hpp"

using namespace lyap::framework;
using Kind = Node::Kind;

namespace {

const char* const text =
    "name: n\n"
    "trials:\n"
    "  cell:\n"
    "    use: lstm\n"
    "    with: {units: 64}\n"
    "  train: bptt\n"
    "  measure:\n"
    "    - {use: spectrum, as: le, with: {steps: 10}}\n"
    "    - use: ftle\n"
    "    - {use: twin}\n"
    "    - {use: twin}\n"
    "presets:\n"
    "  desk:\n"
    "    trials.cell.with.units: 32\n"
    "    trials.measure.ftle.with.keep: [q, r]\n"
    "  paper: {trials.cell.with.units: 512}\n";

/// The tree after one -s.
Node after(const std::string& argument) {
  Node root = yaml(text);
  Mistakes mistakes;
  apply(parse_override(argument, mistakes), root, mistakes);
  mistakes.throw_if_any();
  return root;
}

/// What an argument that is wrong is answered, but for the count.
std::string refused(const std::string& argument) {
  return first_line([&] { after(argument); });
}

const Node& cell(const Node& root) {
  return *root.find("trials")->find("cell");
}
const Node& measure(const Node& root, int i) {
  return root.find("trials")->find("measure")->children[i];
}

}  // namespace

TEST_CASE("an override replaces a value and remembers where it comes from") {
  const Node root = after("trials.cell.with.units=128");
  const Node* units = cell(root).find("with")->find("units");
  CHECK(units->text == "128");
  CHECK_FALSE(units->quoted);
  CHECK(to_string(units->place) == "-s trials.cell.with.units=128");
  CHECK(to_string(units->key_place) == "p.yaml:5:12");
}

TEST_CASE("the value begins at the first equals sign and is the text it is") {
  CHECK(after("name=b=c").find("name")->text == "b=c");
  CHECK(after("name=-1e-3").find("name")->text == "-1e-3");
  CHECK(after("name=uniform(-0.1, 0.1) # x: y").find("name")->text == "uniform(-0.1, 0.1) # x: y");
}

TEST_CASE("brackets, braces and quotes make lists, maps and quoted text") {
  const Node list = after("name=[1, 2]");
  REQUIRE(list.find("name")->is(Kind::List));
  CHECK(list.find("name")->children[1].text == "2");
  CHECK(to_string(list.find("name")->children[1].place) == "-s name=[1, 2]");
  const Node map = after("trials.cell.with={units: 8, bias: no}");
  CHECK(cell(map).find("with")->find("bias")->text == "no");
  CHECK(cell(map).find("with")->key == "with");
  CHECK(after("name='64'").find("name")->quoted);
}

TEST_CASE("nothing and a tilde take a value away") {
  CHECK(after("name=").find("name")->is(Kind::Null));
  CHECK(after("name=~").find("name")->is(Kind::Null));
}

TEST_CASE("missing maps are made on the way") {
  const Node root = after("trials.measure.ftle.with.count=3");
  CHECK(measure(root, 1).find("with")->find("count")->text == "3");
  CHECK(after("precision.train=float64").find("precision")->find("train")->text == "float64");
}

TEST_CASE("elements of a list are found by number, by name and by plugin") {
  CHECK(measure(after("trials.measure.0.with.steps=7"), 0).find("with")->find("steps")->text ==
        "7");
  CHECK(measure(after("trials.measure.le.with.steps=7"), 0).find("with")->find("steps")->text ==
        "7");
  CHECK(measure(after("trials.measure.ftle.at=every"), 1).find("at")->text == "every");
  CHECK(measure(after("trials.measure.2={use: other}"), 2).find("use")->text == "other");
}

TEST_CASE("a bare plugin id is spelt out when something is put below it") {
  const Node root = after("trials.train.with.epochs=3");
  const Node* train = root.find("trials")->find("train");
  CHECK(train->find("use")->text == "bptt");
  CHECK(to_string(train->find("use")->place) == "p.yaml:6:10");
  CHECK(train->find("with")->find("epochs")->text == "3");
}

TEST_CASE("a path that leads nowhere is refused with what there is") {
  CHECK(refused("trails.cell.use=gru") ==
        "-s trails.cell.use=gru: error: the pipeline has no 'trails'; did you mean 'trials'?");
  CHECK(refused("trials.cel.use=gru") ==
        "-s trials.cel.use=gru: error: 'trials' has no 'cel'; did you mean 'cell'?");
  CHECK(refused("name.x=1") == "-s name.x=1: error: 'name' is 'n', there is no 'x' in it");
  CHECK(refused("trials.measure.4.at=1") ==
        "-s trials.measure.4.at=1: error: 'trials.measure' has 4 elements, numbered from 0; there "
        "is no 4");
  CHECK(refused("trials.measure.ftel.at=1") ==
        "-s trials.measure.ftel.at=1: error: 'trials.measure' has no 'ftel'; did you mean 'ftle'?");
  CHECK(refused("trials.measure.gradient.at=1") ==
        "-s trials.measure.gradient.at=1: error: 'trials.measure' has no 'gradient'; it has le, "
        "ftle, twin, twin");
  CHECK(refused("trials.measure.twin.at=1") ==
        "-s trials.measure.twin.at=1: error: 'trials.measure' has 2 elements called 'twin'; say "
        "which by its number, from 0");
  CHECK(refused("trials..x=1") == "-s trials..x=1: error: 'trials..x' is no path");
  CHECK(refused("name=[1, 2") == "-s name=[1, 2: error: this bracket is never closed");
  CHECK(refused("name=[1] 2").starts_with("-s name=[1] 2: error: this does not belong"));
}

TEST_CASE("an argument without a path and a value is a mistake of usage") {
  Mistakes mistakes;
  for (const char* argument : {"units", "=3", ""}) {
    CAPTURE(argument);
    CHECK_THROWS_AS(parse_override(argument, mistakes), UsageError);
  }
  CHECK_THROWS_WITH(parse_override("units", mistakes),
                    "-s takes path=value, such as -s trials.cell.with.units=128; got 'units'");
}

TEST_CASE("a preset applies its values, which stay at their place in the file") {
  Node root = yaml(text);
  Mistakes mistakes;
  apply_preset("desk", root, mistakes);
  CHECK(mistakes.empty());
  const Node* units = cell(root).find("with")->find("units");
  CHECK(units->text == "32");
  CHECK(to_string(units->place) == "p.yaml:14:29");
  CHECK(units->place.source->origin == "preset 'desk'");
  CHECK(measure(root, 1).find("with")->find("keep")->children.size() == 2);
}

TEST_CASE("an unknown preset is answered with those there are") {
  Node root = yaml(text);
  Mistakes mistakes;
  apply_preset("dest", root, mistakes);
  CHECK(first_line([&] { mistakes.throw_if_any(); }) ==
        "--preset dest: error: the file has no preset 'dest'; it has desk, paper");
  Node bare = yaml("lyap: 1\n");
  Mistakes more;
  apply_preset("desk", bare, more);
  CHECK(first_line([&] { more.throw_if_any(); }) ==
        "--preset desk: error: the file has no presets");
}
