// tests/framework/pipeline/option_value_test.cpp - options checked against their declarations.
#include "pipeline/option_value.hpp"

#include <doctest/doctest.h>
#include <lyap/options.hpp>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "said.hpp"

using namespace lyap::framework;

namespace {

const char* const rules[] = {"median", "mean", "largest", nullptr};

const std::vector<lyap_option>& declared() {
  static const lyap::Options options = [] {
    lyap::Options o;
    o.integer("units").range(1, 1e5).doc("rows of the hidden state");
    o.real("rate").at_least(0).unit("1/step").fallback("1e-3");
    o.flag("bias").fallback("yes");
    o.choice("rule", rules).fallback("median");
    o.text("label").fallback("");
    o.path("inputs").fallback("");
    o.reals("alphas").range(0, 10).fallback("[5, 5]");
    o.texts("on").fallback("[]");
    return o;
  }();
  return options.list();
}

/// The checked options of `with: {...}`.
OptionValues given(const std::string& with, Mistakes& mistakes) {
  const Node root = yaml(with);
  std::vector<Option> options;
  for (const Node& child : root.children) options.push_back({child.key, child, child.key_place});
  return check_options({"cell", "rank1", root.place}, declared(), options, mistakes);
}

std::string refused(const std::string& with) {
  Mistakes mistakes;
  given(with, mistakes);
  return first_line([&] { mistakes.throw_if_any(); });
}

nlohmann::ordered_json json_of(const std::string& with) {
  Mistakes mistakes;
  const OptionValues values = given(with, mistakes);
  mistakes.throw_if_any();
  return values.json();
}

}  // namespace

TEST_CASE("options are typed by their declarations, in declared order, with defaults") {
  CHECK(json_of("{units: 08}").dump() ==
        R"({"units":8,"rate":0.001,"bias":true,"rule":"median","label":"","inputs":"",)"
        R"("alphas":[5.0,5.0],"on":[]})");
  CHECK(json_of("{on: [a, 'b c'], alphas: [], label: no, bias: off, rate: 2e-4, units: 1e3,"
                " rule: mean}")
            .dump() ==
        R"({"units":1000,"rate":0.0002,"bias":false,"rule":"mean","label":"no","inputs":"",)"
        R"("alphas":[],"on":["a","b c"]})");
}

TEST_CASE("infinity, which JSON has not, is written as a word") {
  CHECK(json_of("{units: 1, rate: inf}")["rate"] == "inf");
}

TEST_CASE("a relative path starts at the folder of its file, or here on the command line") {
  namespace fs = std::filesystem;
  const auto path_of = [](const std::shared_ptr<const Source>& source, int line) {
    Node value;
    value.kind = Node::Kind::Scalar;
    value.text = "../x.npy";
    value.place = {source, line, 1, 1};
    Mistakes mistakes;
    const OptionValues values =
        check_options({"task", "arrays", {}}, std::span(declared()).subspan(5, 1),
                      {{"inputs", value, value.place}}, mistakes);
    return std::string(values.values()[0].text);
  };
  const auto file = std::make_shared<const Source>(Source{"/a/b/p.yaml", "", ""});
  const auto here = std::make_shared<const Source>(Source{"-s inputs=../x.npy", "", ""});
  CHECK(path_of(file, 3) == "/a/x.npy");
  CHECK(path_of(here, 0) == (fs::current_path().parent_path() / "x.npy").string());
}

TEST_CASE("what an option cannot take is refused with its place") {
  const Refusal cases[] = {
      {"{units: abc}", "p.yaml:1:9: error: 'units' takes an integer, got 'abc'"},
      {"{units: 1.5}", "p.yaml:1:9: error: 'units' takes an integer, got '1.5'"},
      {"{units: 0x10}", "p.yaml:1:9: error: 'units' takes an integer, got '0x10'"},
      {"{units: 99999999999999999999}",
       "p.yaml:1:9: error: 'units' takes an integer, got '99999999999999999999'"},
      {"{units: \"64\"}",
       "p.yaml:1:9: error: 'units' takes an integer, got '64' in quotes; remove the quotes"},
      {"{units: [64]}", "p.yaml:1:9: error: 'units' takes an integer, got a list"},
      {"{units: ~}", "p.yaml:1:2: error: 'units' takes an integer, got nothing"},
      {"{units: 0}", "p.yaml:1:9: error: 'units' must be between 1 and 100000, got 0"},
      {"{units: 1, rate: fast}", "p.yaml:1:18: error: 'rate' takes a number, got 'fast'"},
      {"{units: 1, rate: nan}", "p.yaml:1:18: error: 'rate' takes a number, got 'nan'"},
      {"{units: 1, rate: -1}", "p.yaml:1:18: error: 'rate' must be at least 0 1/step, got -1"},
      {"{units: 1, bias: maybe}", "p.yaml:1:18: error: 'bias' takes true or false, got 'maybe'"},
      {"{units: 1, bias: 'no'}",
       "p.yaml:1:18: error: 'bias' takes true or false, got 'no' in quotes; remove the quotes"},
      {"{units: 1, rule: medain}",
       "p.yaml:1:18: error: 'rule' is one of median, mean, largest; got 'medain'; did you mean "
       "'median'?"},
      {"{units: 1, rule: [mean]}",
       "p.yaml:1:18: error: 'rule' is one of median, mean, largest; got a list"},
      {"{units: 1, label: {a: b}}", "p.yaml:1:19: error: 'label' takes a text, got a map"},
      {"{units: 1, alphas: 5}",
       "p.yaml:1:20: error: 'alphas' takes a list of numbers, got '5'; write [5]"},
      {"{units: 1, alphas: [5, x]}",
       "p.yaml:1:24: error: 'alphas' takes a list of numbers, got 'x'"},
      {"{units: 1, alphas: [5, 11]}",
       "p.yaml:1:24: error: 'alphas' must be between 0 and 10, got 11"},
      {"{units: 1, on: [a, [b]]}", "p.yaml:1:20: error: 'on' takes a list of words, got a list"},
      {"{units: 1, on: {a: b}}", "p.yaml:1:16: error: 'on' takes a list of words, got a map"},
  };
  for (const Refusal& refusal : cases) {
    CAPTURE(refusal.text);
    CHECK(refused(refusal.text) == refusal.sentence);
  }
}

TEST_CASE("unknown and missing options are told together, with a hint") {
  Mistakes mistakes;
  given("{unit: 512, zebra: 1}", mistakes);
  CHECK(mistakes.text() ==
        "p.yaml:1:1: error: cell 'rank1' needs the option 'units' under 'with' (rows of the hidden "
        "state)\n"
        "    1 | {unit: 512, zebra: 1}\n"
        "      | ^\n"
        "p.yaml:1:2: error: cell 'rank1' has no option 'unit'; did you mean 'units'?\n"
        "    1 | {unit: 512, zebra: 1}\n"
        "      |  ^^^^\n"
        "p.yaml:1:13: error: cell 'rank1' has no option 'zebra'; it takes units, rate, bias, rule, "
        "label, inputs, alphas, on\n"
        "    1 | {unit: 512, zebra: 1}\n"
        "      |             ^^^^^\n"
        "3 mistakes; nothing was run.        lyap describe rank1 lists its options");
}

TEST_CASE("the values that cross the border outlive copies and moves") {
  Mistakes mistakes;
  OptionValues first = given("{units: 3, on: [a, b], alphas: [1, 2, 3], label: x}", mistakes);
  const OptionValues moved = std::move(first);
  const std::span<const lyap_value> values = OptionValues(moved).values();
  REQUIRE(values.size() == 8);
  CHECK(values[0].integer == 3);
  CHECK(values[0].real == 3.0);
  CHECK(values[1].real == 1e-3);
  CHECK(values[2].integer == 1);
  CHECK(std::string(values[3].text) == "median");
  CHECK(std::string(values[4].text) == "x");
  CHECK(values[6].count == 3);
  CHECK(values[6].reals[2] == 3.0);
  CHECK(values[7].count == 2);
  CHECK(std::string(values[7].texts[1]) == "b");
}

TEST_CASE("an option given twice is refused, whoever gives it") {
  const Node value = yaml("[3]").children[0];
  Mistakes mistakes;
  check_options({"cell", "rank1", value.place}, declared(),
                {{"units", value, value.place}, {"units", value, value.place}}, mistakes);
  REQUIRE(mistakes.size() == 1);
  CHECK(mistakes.list()[0].sentence == "option 'units' is given twice");
}

TEST_CASE("what is written to JSON reads back as the same options") {
  const nlohmann::ordered_json first = json_of(
      "{units: 7, rate: 0.1, bias: no, rule: largest, label: \"64\", alphas: [0.3, 1e-9],"
      " on: [yes, '1', a b], inputs: /x/y}");
  CHECK(json_of(first.dump()) == first);
}
