// tests/framework/pipeline/write_yaml_test.cpp - trees as text that reads back as the same trees.
#include "pipeline/write_yaml.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "said.hpp"

using namespace lyap::framework;

namespace {

using Kind = Node::Kind;

/// Places go, and so does the difference between plain and quoted where quotes were needed.
void check_same(const Node& a, const Node& b, const std::string& path = "") {
  CAPTURE(path);
  CHECK(a.kind == b.kind);
  CHECK(a.key == b.key);
  CHECK(a.text == b.text);
  if (a.quoted) CHECK(b.quoted);
  REQUIRE(a.children.size() == b.children.size());
  for (std::size_t i = 0; i < a.children.size(); ++i)
    check_same(a.children[i], b.children[i], path + "/" + a.children[i].key);
}

void check_round_trip(const Node& tree) {
  const std::string written = write_yaml(tree);
  CAPTURE(written);
  const Node again = yaml(written);
  check_same(tree, again);
  CHECK(write_yaml(again) == written);
}

Node scalar(const std::string& key, const std::string& text, bool quoted) {
  Node node;
  node.kind = Kind::Scalar;
  node.key = key;
  node.text = text;
  node.quoted = quoted;
  return node;
}

Node map_of(std::vector<Node> children, const std::string& key = "") {
  Node map;
  map.kind = Kind::Map;
  map.key = key;
  map.children = std::move(children);
  return map;
}

}  // namespace

TEST_CASE("our own pipelines are the same when they are written and read again") {
  int files = 0;
  for (const char* folder : {"/data/pipelines", "/tests/framework/pipeline/files"})
    for (const auto& entry :
         std::filesystem::directory_iterator(LYAP_SOURCE_DIR + std::string(folder))) {
      if (entry.path().extension() != ".yaml") continue;
      CAPTURE(entry.path().string());
      check_round_trip(read_yaml(entry.path()));
      ++files;
    }
  CHECK(files > 10);
}

TEST_CASE("an expression that stood without quotes stays an expression") {
  for (const std::string text : {"$g", "${g}", "(1 + $g) / 2", "max($a, $b)", "uniform(-$p, $p)",
                                 "2 ^ $layers", "-0.5 * $g"}) {
    CAPTURE(text);
    const Node written = map_of({scalar("value", text, false)});
    CHECK_FALSE(yaml(write_yaml(written)).children[0].quoted);
    check_round_trip(written);
  }
}

TEST_CASE("whatever a text holds, it reads back, plain or in quotes") {
  for (const std::string text : {"",
                                 "~",
                                 "null",
                                 "Null",
                                 "NULL",
                                 "true",
                                 "no",
                                 "on",
                                 "0x1f",
                                 "08",
                                 "1e-4",
                                 "-1.5",
                                 "+3",
                                 "-",
                                 "--",
                                 "---",
                                 "-x",
                                 "...",
                                 ".inf",
                                 ".nan",
                                 "<<",
                                 "=",
                                 "!tag",
                                 "&anchor",
                                 "*star",
                                 "#no",
                                 "a #no",
                                 "a: b",
                                 "a:",
                                 ":a",
                                 "?",
                                 "? a",
                                 "[",
                                 "{a: b",
                                 "}",
                                 "a, b",
                                 "%directive",
                                 "@",
                                 "`",
                                 "|",
                                 ">",
                                 "'",
                                 "\"",
                                 "\\",
                                 "\\n",
                                 "a\nb",
                                 "a\n\nb ",
                                 "\n",
                                 "\t",
                                 " a",
                                 "a ",
                                 "a\rb",
                                 "\x01\x1f",
                                 "\x7f",
                                 "h\u00f6",
                                 "\u03c4",
                                 "$g",
                                 "${g}",
                                 "$$",
                                 "a'b\"c",
                                 "uniform(-1, 1)",
                                 "a/b.c",
                                 "2026-11-25"})
    for (const bool quoted : {false, true}) {
      CAPTURE(text);
      CAPTURE(quoted);
      Node list = map_of({scalar("", text, quoted)}, "list");
      list.kind = Kind::List;
      check_round_trip(map_of({scalar("key", text, quoted), list}));
      check_round_trip(map_of({scalar(text == "<<" ? "key" : text, "value", false)}));
    }
}

TEST_CASE("nothing, empty lists and maps, and lists in lists read back") {
  Node nothing;
  nothing.key = "nothing";
  Node list = map_of({}, "list");
  list.kind = Kind::List;
  check_round_trip(map_of({nothing, list, map_of({}, "map")}));
  check_round_trip(yaml("a: [[1, 2], [], {b: [{c: 3, d: ~}]}, ~, 'x']\ne: {f: {g: [h]}}\n"));
  CHECK(write_yaml(yaml("# a comment\na: [1, 'two', {b: ~}]\nc: {}\nd: 'no'\n")) ==
        "a:\n  - 1\n  - \"two\"\n  -\n    b: ~\nc: {}\nd: \"no\"\n");
}

TEST_CASE("a long text of several lines reads back") {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "word " + std::to_string(i) + (i % 9 ? " " : ".\n");
  check_round_trip(map_of({scalar("about", text, false)}));
}
