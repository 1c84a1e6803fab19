// tests/framework/pipeline/read_yaml_test.cpp - what a YAML text becomes, and what is refused.
#include "pipeline/read_yaml.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <ctime>
#include <filesystem>
#include <fstream>

#include "../temporary_folder.hpp"
#include "pipeline/mistakes.hpp"
#include "said.hpp"

using namespace lyap::framework;
using Kind = Node::Kind;

namespace {

std::string refused(const std::string& text) {
  return first_line([&] { yaml(text); });
}

/// A file in a folder of its own, gone at the end of the test.
class File {
 public:
  explicit File(const std::string& bytes) { folder_.file("p.yaml", bytes); }
  std::filesystem::path path() const { return folder_ / "p.yaml"; }
  /// What reading it says, with the file called "p.yaml".
  std::string refused() const {
    std::string words = first_line([&] { read_yaml(path()); });
    const std::string prefix = folder_.path().string() + "/";
    if (words.starts_with(prefix)) words.erase(0, prefix.size());
    return words;
  }

 private:
  TemporaryFolder folder_;
};

std::string repeat(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("a tree keeps the order, the text and the place of everything") {
  const Node root = yaml(
      "lyap: 1\n"
      "cell:\n"
      "  use: lstm\n"
      "  with: {units: 64, rate: 1e-4, bias: no}\n"
      "list: [a, 'b c', \"d\"]\n");
  REQUIRE(root.is(Kind::Map));
  REQUIRE(root.children.size() == 3);
  CHECK(root.children[0].key == "lyap");
  CHECK(root.children[2].key == "list");

  const Node* with = root.find("cell")->find("with");
  REQUIRE(with);
  CHECK(to_string(with->key_place) == "p.yaml:4:3");
  CHECK(to_string(with->place) == "p.yaml:4:9");
  const Node* rate = with->find("rate");
  CHECK(rate->text == "1e-4");
  CHECK(to_string(rate->key_place) == "p.yaml:4:21");
  CHECK(to_string(rate->place) == "p.yaml:4:27");
  CHECK(rate->place.length == 4);
  CHECK(with->find("units")->text == "64");
  CHECK(with->find("bias")->text == "no");
  CHECK(with->find("unit") == nullptr);
  CHECK(rate->find("anything") == nullptr);

  const std::vector<Node>& items = root.find("list")->children;
  REQUIRE(items.size() == 3);
  CHECK(items[1].text == "b c");
  CHECK(items[1].place.length == 5);
  CHECK_FALSE(items[0].quoted);
  CHECK(items[1].quoted);
  CHECK(items[2].quoted);
}

TEST_CASE("numbers in other spellings stay the text they are") {
  const Node root = yaml("[010, 0x10, 1_000, 2:30, 1e-3, .5, yes, '3']\n");
  std::string all;
  for (const Node& item : root.children) all += item.text + " ";
  CHECK(all == "010 0x10 1_000 2:30 1e-3 .5 yes 3 ");
  CHECK_FALSE(root.children[0].quoted);
  CHECK(root.children[7].quoted);
}

TEST_CASE("a missing value is nothing and stands at its key") {
  const Node root = yaml("a:\nb: ~\nc: null\nd: ''\n");
  CHECK(root.find("a")->is(Kind::Null));
  CHECK(to_string(root.find("a")->place) == "p.yaml:1:1");
  CHECK(root.find("b")->is(Kind::Null));
  CHECK(root.find("c")->is(Kind::Null));
  CHECK(root.find("d")->is(Kind::Scalar));
}

TEST_CASE("folded text, comments and one document marker are read") {
  const Node root = yaml(
      "# what this is\n---\nabout: >\n  one\n  two\nnext: |\n  a\n  b\nlast: 1  # not text\n...\n");
  CHECK(root.find("about")->text == "one two\n");
  CHECK(root.find("next")->text == "a\nb\n");
  CHECK(root.find("last")->text == "1");
}

TEST_CASE("columns count characters, not bytes") {
  const Node root = yaml("name: {ä: ö, Größe: €}\n");
  CHECK(to_string(root.find("name")->find("Größe")->place) == "p.yaml:1:21");
  CHECK(root.find("name")->find("Größe")->key_place.length == 5);
}

TEST_CASE("a byte order mark and line breaks of another system change nothing") {
  const File file("\xEF\xBB\xBFlyap: 1\r\ncell:\r\n  use: lstm\r\n");
  const Node root = read_yaml(file.path());
  CHECK(root.find("lyap")->place.column == 7);
  CHECK(root.find("cell")->find("use")->text == "lstm");
  CHECK(root.find("cell")->find("use")->place.line == 3);
}

TEST_CASE("a mistake shows the line and marks the words") {
  CHECK(said([] { yaml("a:\n  units: 64\n  units: 65\n"); }) ==
        "p.yaml:3:3: error: key 'units' is given twice (first at 2:3)\n"
        "    3 |   units: 65\n"
        "      |   ^^^^^\n"
        "1 mistake; nothing was run.");
}

TEST_CASE("several mistakes of one text are told together") {
  CHECK(said([] { yaml("a: &x 1\nb: *x\nc: !!str 3\n<<: {d: 1}\n"); }) ==
        "p.yaml:1:4: error: anchors (&name) are not used here; remove it\n"
        "    1 | a: &x 1\n"
        "      |    ^\n"
        "p.yaml:2:4: error: aliases (*name) are not used here; write the value out\n"
        "    2 | b: *x\n"
        "      |    ^\n"
        "p.yaml:3:4: error: tags (!name) are not used here; remove it\n"
        "    3 | c: !!str 3\n"
        "      |    ^\n"
        "p.yaml:4:1: error: merge keys (<<) are not used here; write the entries out\n"
        "    4 | <<: {d: 1}\n"
        "      | ^^\n"
        "4 mistakes; nothing was run.");
}

TEST_CASE("what is no YAML of ours is refused with a sentence and a place") {
  const Refusal cases[] = {
      {"{a: 1, a: 2}\n", "p.yaml:1:8: error: key 'a' is given twice (first at 1:2)"},
      {"a: *x\n", "p.yaml:1:4: error: aliases (*name) are not used here; write the value out"},
      {"&a [*a]\n", "p.yaml:1:1: error: anchors (&name) are not used here; remove it"},
      {"a: ! x\n", "p.yaml:1:4: error: tags (!name) are not used here; remove it"},
      {"a: !<x> [1]\n", "p.yaml:1:4: error: tags (!name) are not used here; remove it"},
      {"a: 1\n---\nb: 2\n", "p.yaml:2:1: error: a second document begins here; a file holds one"},
      {"{a: 1} b\n",
       "p.yaml:1:8: error: this does not belong to what stands above it; check the indentation"},
      {", a\n",
       "p.yaml:1:1: error: this does not belong to what stands above it; check the indentation"},
      {"a: 1\n- x\n",
       "p.yaml:2:1: error: this line does not belong to what stands above it; check the "
       "indentation"},
      {"? [a, b]\n: 3\n", "p.yaml:1:3: error: a key must be a word, got a list"},
      {"~: 4\n", "p.yaml:1:1: error: a key must be a word, got nothing"},
      {"a:\n\tb: 1\n", "p.yaml:2:1: error: this line is indented with a tab; use spaces"},
      {"a:\n  - b\n \t- c\n", "p.yaml:3:2: error: this line is indented with a tab; use spaces"},
      {"a: [1, 2\n", "p.yaml:1:4: error: this bracket is never closed"},
      {"a: {b: [1, {c: 2]}\n", "p.yaml:1:17: error: this bracket closes nothing that is open"},
      {"a: [1]]\n", "p.yaml:1:7: error: this bracket closes nothing that is open"},
      {"a: \"open\nb: 1\n", "p.yaml:1:4: error: these quotes are never closed"},
      {"a: 'it''s\n", "p.yaml:1:4: error: these quotes are never closed"},
      {"a: \"open", "p.yaml:1:9: error: the text ends inside quotes"},
      {"a: b: c\n",
       "p.yaml:1:5: error: a ':' cannot stand here; check the indentation, or put the text in "
       "quotes"},
      {"a: @x\n", "p.yaml:1:4: error: a value cannot begin like this; put the text in quotes"},
      {"a: \"\\q\"\n", "p.yaml:1:7: error: this is not YAML: unknown escape character: q"},
  };
  for (const Refusal& refusal : cases) {
    CAPTURE(refusal.text);
    CHECK(refused(refusal.text) == refusal.sentence);
  }
}

TEST_CASE("files that are no text are refused by what they are") {
  using namespace std::string_literals;
  CHECK(File("---\n").refused() == "p.yaml:1:1: error: the file holds no settings");
  CHECK(File("").refused() == "p.yaml:1:1: error: the file holds no settings");
  CHECK(File(" \n\n").refused() == "p.yaml:1:1: error: the file holds no settings");
  CHECK(File("# only a remark\n").refused() == "p.yaml:1:1: error: the file holds no settings");
  CHECK(File(std::string(4096, '\0')).refused() ==
        "p.yaml:1:1: error: byte 0x00 is not text; is this the right file?");
  CHECK(File("a: 1\nb: \xff\xfe\n").refused() ==
        "p.yaml:2:4: error: byte 0xff is not text; is this the right file?");
  CHECK(File("a: \xC0\x80\n").refused() ==
        "p.yaml:1:4: error: byte 0xc0 is not text; is this the right file?");
  CHECK(File("a: \xED\xA0\x80\n").refused() ==
        "p.yaml:1:4: error: byte 0xed is not text; is this the right file?");
  CHECK(File("a: \xE2\x82").refused() ==
        "p.yaml:1:4: error: byte 0xe2 is not text; is this the right file?");
  CHECK(File("a: \x1b[31mred\n").refused() ==
        "p.yaml:1:4: error: byte 0x1b is not text; is this the right file?");
  CHECK(File("a\0: 1\n"s).refused() ==
        "p.yaml:1:2: error: byte 0x00 is not text; is this the right file?");
  CHECK(File(std::string(2 << 20, 'x')).refused() ==
        "p.yaml:1:1: error: a file of settings has at most 512 kB; is this the right one?");
}

TEST_CASE("a missing file and a folder are refused by name") {
  const File file("a: 1\n");
  CHECK(first_line([&] { read_yaml(file.path().parent_path() / "none.yaml"); }).find("none.yaml") !=
        std::string::npos);
  const std::filesystem::path folder = file.path().parent_path();
  CHECK(first_line([&] { read_yaml(folder); }).find(folder.string()) != std::string::npos);
}

TEST_CASE("hostile nesting, repetition and length are refused within a second") {
  // Of the processor, so that a busy machine changes nothing; sanitizers slow it down tenfold.
#ifdef __SANITIZE_ADDRESS__
  const double seconds = 10;
#else
  const double seconds = 1;
#endif
  const std::clock_t start = std::clock();
  CHECK(refused(std::string(200000, '[')) ==
        "p.yaml:1:1: error: this line is longer than 10000; break it into several");
  CHECK(refused(std::string(65, '[') + std::string(65, ']')) ==
        "p.yaml:1:65: error: this is nested more than 64 levels deep");
  CHECK(refused(repeat("- ", 4999)) ==
        "p.yaml:1:129: error: this is nested more than 64 levels deep");
  // What is never closed may be a key to the parser, which makes it a map of one entry.
  for (const std::string& unclosed :
       {std::string(9999, '['), std::string(9999, '{'), repeat("[\n", 200000), repeat("? ", 4999)})
    CHECK(refused(unclosed).ends_with(" error: this is nested more than 64 levels deep"));
  const std::string all = said([] { yaml(repeat("a: 1\n", 20000)); });
  CHECK(all.starts_with("p.yaml:2:1: error: key 'a' is given twice (first at 1:1)\n"));
  CHECK(all.ends_with("... and 19979 more\n19999 mistakes; nothing was run."));
  // The alias bomb: 8 lists of 10 aliases each of the one before.
  std::string bomb = "a0: &a0 [x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string last = fmt::format("*a{}", i - 1);
    bomb += fmt::format("a{0}: &a{0} [{1}{2}]\n", i, repeat(last + ", ", 9), last);
  }
  CHECK(refused(bomb) == "p.yaml:1:5: error: anchors (&name) are not used here; remove it");
  CHECK(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC < seconds);
}

TEST_CASE("of a long line the part around the mistake is shown") {
  const std::string text = "a: [" + repeat("1, ", 100) + "&x 2]\n";
  const std::string all = said([&] { yaml(text); });
  CHECK(all ==
        "p.yaml:1:305: error: anchors (&name) are not used here; remove it\n"
        "    1 | , " +
            repeat("1, ", 16) + "&x 2]\n" + "      | " + std::string(50, ' ') + "^\n" +
            "1 mistake; nothing was run.");
}

TEST_CASE("lists of lists and maps in lists keep their shape") {
  const Node root = yaml("[[1, 2], [3], {a: [b]}, c: d]\n");
  REQUIRE(root.children.size() == 4);
  CHECK(root.children[0].children.size() == 2);
  CHECK(root.children[1].children[0].text == "3");
  CHECK(root.children[2].find("a")->children[0].text == "b");
  CHECK(root.children[3].find("c")->text == "d");
}
