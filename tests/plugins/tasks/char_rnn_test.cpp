// tests/plugins/tasks/char_rnn_test.cpp - text as sequences: vocabulary, blocks, targets, drives.
#include "../../../plugins/tasks/char_rnn.hpp"

#include <algorithm>
#include <set>

#include "../../framework/temporary_folder.hpp"
#include "made_task.hpp"

using namespace lyap;
using namespace lyap::testing;
using CharRnn = MadeTask<lyap::tasks::CharRnn>;

namespace {

/// A folder with text.txt in it.
struct Text {
  explicit Text(const std::string& text) { path = folder.file("text.txt", text).string(); }
  CharRnn task(Words words, std::uint64_t seed = 1) const {
    words["text"] = path;
    return CharRnn(words, "", seed);
  }
  TemporaryFolder folder;
  std::string path;
};

/// The characters that one-hot columns b, b + count, ... stand for.
std::string read(const CharRnn& task, const Matrix& x, Index b, Index count) {
  const std::vector<std::string> symbols = task.symbols();
  std::string text;
  for (Index column = b; column < x.cols(); column += count) {
    Index one = 0;
    CHECK(x.col(column).maxCoeff(&one) == 1);
    CHECK(x.col(column).sum() == 1);
    text += symbols[static_cast<std::size_t>(one)];
  }
  return text;
}
std::string read_targets(const CharRnn& task, const Matrix& y, Index b, Index count) {
  const std::vector<std::string> symbols = task.symbols();
  std::string text;
  for (Index column = b; column < y.cols(); column += count)
    text += symbols[static_cast<std::size_t>(y(0, column))];
  return text;
}

/// `count` characters a, b, ... z, a, b, ...
std::string alphabet(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += static_cast<char>('a' + i % 26);
  return text;
}

}  // namespace

TEST_CASE("a text is cut into sequences, and the target of each character is the next one") {
  const Text text("the quick brown fox jumps over the lazy dog");
  const CharRnn task =
      text.task({{"preset", "custom"}, {"sequence", "10"}, {"fractions", "[.5, .25]"}});
  CHECK(task.shape().steps == 9);
  CHECK(task.shape().inputs == 27);
  CHECK(task.shape().outputs == 27);
  CHECK(task.shape().loss == LYAP_CROSS_ENTROPY);
  CHECK(task.shape().next_step == 1);
  CHECK(task.shape().count[0] == 2);
  CHECK(task.shape().count[1] == 1);
  CHECK(task.shape().count[2] == 1);
  const Matrix x = task.input(Split::Train, {1, 0}), y = task.target(Split::Train, {1, 0});
  CHECK(x.cols() == 18);
  CHECK(read(task, x, 0, 2) == "brown fox");
  CHECK(read_targets(task, y, 0, 2) == "rown fox ");
  CHECK(read(task, x, 1, 2) == "the quick");
  CHECK(read_targets(task, y, 1, 2) == "he quick ");
  CHECK(read(task, task.input(Split::Test, {0}), 0, 1) == " the lazy");
}

TEST_CASE("wrap: the last character is an input too, and its target is the sequence's first") {
  const Text text(
      "abcdefghij"
      "klmnopqrst");
  const CharRnn task = text.task(
      {{"preset", "custom"}, {"sequence", "10"}, {"fractions", "[1, 0]"}, {"last_target", "wrap"}});
  CHECK(task.shape().steps == 10);
  CHECK(read(task, task.input(Split::Train, {1}), 0, 1) == "klmnopqrst");
  CHECK(read_targets(task, task.target(Split::Train, {1}), 0, 1) == "lmnopqrstk");
  CHECK(
      said([&] {
        text.task(
            {{"preset", "custom"}, {"last_target", "wrap"}, {"target", "last"}, {"sequence", "5"}});
      }) ==
      "`target: last` with `last_target: wrap` would train on the sequence's own first character "
      "alone; set `last_target: drop`");
}

TEST_CASE("target last: the loss looks at the sequence's last character alone") {
  const Text text(alphabet(26));
  const CharRnn task = text.task({{"preset", "custom"}, {"sequence", "5"}, {"target", "last"}});
  CHECK(task.shape().last_step_only == 1);
  CHECK(task.shape().next_step == 1);  // of one step only, but the next character it is
  CHECK(task.shape().steps == 4);
  CHECK(read(task, task.input(Split::Train, {0, 2}), 1, 2) == "klmn");
  CHECK(read_targets(task, task.target(Split::Train, {0, 2}), 0, 2) == "e");
  CHECK(read_targets(task, task.target(Split::Train, {0, 2}), 1, 2) == "o");
}

TEST_CASE("characters are counted, not bytes, in the papers' order or by code point") {
  const Text papers(
      "b\xc3\xaa"
      "A 0\n!a"
      "\xc3\xa9");
  CHECK(papers.task({{"preset", "custom"}, {"sequence", "2"}}).symbols() ==
        std::vector<std::string>{"0", "a", "b", "A", "!", " ", "\n", "\xc3\xaa", "\xc3\xa9"});
  const Text other(
      "ba\xe2\x82\xac\xf0\x9d\x84\x9e 9\xc3\xa9"
      "A");
  CHECK(other.task({{"preset", "custom"}, {"sequence", "2"}}).symbols() ==
        std::vector<std::string>{" ", "9", "A", "a", "b", "\xc3\xa9", "\xe2\x82\xac",
                                 "\xf0\x9d\x84\x9e"});
}

TEST_CASE("p2 shares 320 blocks of 100 x 100 characters as 256, 32 and 31") {
  const Text text(alphabet(3202303));
  const CharRnn task = text.task({{"preset", "p2"}});
  CHECK(task.shape().steps == 99);
  CHECK(task.shape().count[0] == 25600);
  CHECK(task.shape().count[1] == 3200);
  CHECK(task.shape().count[2] == 3100);
  // The first test sequence begins after 288 blocks of 10 000 characters: 2 880 000 mod 26 = 6.
  CHECK(read(task, task.input(Split::Test, {0}), 0, 1).substr(0, 3) == "ghi");
}

TEST_CASE(
    "p1 shares 1000 shuffled blocks of 32 sequences and keeps a fifth of them for a network") {
  const Text text(alphabet(3202303));
  const CharRnn task = text.task({{"preset", "p1"}});
  CHECK(task.shape().steps == 99);
  CHECK(task.shape().count[0] == 160 * 32);
  CHECK(task.shape().count[1] == 40 * 32);
  CHECK(task.shape().count[2] == 0);
  CHECK(text.task({{"preset", "p1"}, {"keep", "1"}}).shape().count[0] == 800 * 32);
}

TEST_CASE("shuffled blocks stay whole, and no block is in two splits") {
  std::string characters;  // block i is 2 x 2 times the character number i
  for (int i = 0; i < 20; ++i) characters += std::string(4, static_cast<char>('a' + i));
  const Text text(characters);
  const Words cut{{"preset", "custom"}, {"sequence", "2"},        {"block", "2"},
                  {"blocks", "20"},     {"shuffle_blocks", "on"}, {"fractions", "[.5, .3]"}};
  const auto blocks = [&](const CharRnn& task, Split split) {
    std::string all;
    const std::int64_t count = task.shape().count[static_cast<int>(split)];
    for (std::int64_t i = 0; i < count; i += 2) {
      const std::string one = read(task, task.input(split, {i}), 0, 1);
      CHECK(read(task, task.input(split, {i + 1}), 0, 1) == one);
      all += one;
    }
    return all;
  };
  const CharRnn task = text.task(cut);
  const std::string train = blocks(task, Split::Train),
                    validation = blocks(task, Split::Validation), test = blocks(task, Split::Test);
  CHECK(train.size() == 10);
  CHECK(validation.size() == 6);
  CHECK(test.size() == 4);
  std::string all = train + validation + test;
  CHECK(train != alphabet(10));
  std::ranges::sort(all);
  CHECK(all == alphabet(20));
  CHECK(blocks(text.task(cut, 99), Split::Train) == train);

  Words other = cut, part = cut;
  other["division"] = "2";
  CHECK(blocks(text.task(other), Split::Train) != train);
  part["keep"] = "0.5";
  const std::string kept = blocks(text.task(part), Split::Train);
  CHECK(kept.size() == 5);
  CHECK(std::ranges::all_of(kept, [&](char c) { return train.find(c) != std::string::npos; }));
  CHECK(std::set<char>(kept.begin(), kept.end()).size() == 5);
  CHECK(blocks(text.task(part), Split::Train) == kept);
  CHECK(blocks(text.task(part, 2), Split::Train) != kept);
  CHECK(blocks(text.task(part), Split::Test) == test);
}

TEST_CASE("the text drives on beyond the sequence, in pieces or at once, to the end of its split") {
  const Text text(alphabet(100));
  const CharRnn task =
      text.task({{"preset", "custom"}, {"sequence", "10"}, {"fractions", "[.5, .3]"}});
  const Matrix x = task.drive(Split::Validation, {0, 1}, 0, 20);
  CHECK(read(task, x, 0, 2) == alphabet(70).substr(50));
  CHECK(read(task, x, 1, 2) == alphabet(80).substr(60));
  CHECK(in_pieces(task, Split::Validation, {0, 1}, {3, 1, 16}) == x);
  CHECK(said([&] {
          task.drive(Split::Validation, {0, 2}, 4, 7);
        }) ==
        "from sequence 2 on the validation text has 10 characters, and 11 are asked for; lower "
        "`warmup` or `steps`, or begin at earlier sequences");
  CHECK(said([&] { task.drive(Split::Test, {5}, 0, 1); }) ==
        "sequence 5 of the test split is asked for, which has 2; ask for fewer");
}

TEST_CASE(
    "a shuffled drive has the characters of the split in another order, the same every time") {
  const Text text(alphabet(1000));
  const Words words{{"preset", "custom"}, {"sequence", "10"}, {"input_order", "shuffled"}};
  const CharRnn task = text.task(words);
  const std::string driven = read(task, task.drive(Split::Test, {0}, 0, 100), 0, 1);
  std::string sorted = driven, expected = alphabet(1000).substr(900);
  CHECK(driven != expected);
  std::ranges::sort(sorted), std::ranges::sort(expected);
  CHECK(sorted == expected);
  CHECK(read(task, in_pieces(task, Split::Test, {0}, {1, 9, 90}), 0, 1) == driven);
  CHECK(read(task, task.drive(Split::Test, {3}, 0, 70), 0, 1) == driven.substr(30));
  CHECK(read(task, task.input(Split::Test, {0}), 0, 1) == alphabet(1000).substr(900, 9));
  const CharRnn again = text.task(words);
  CHECK(again.drive(Split::Test, {0}, 0, 100) == task.drive(Split::Test, {0}, 0, 100));
}

TEST_CASE("float32 characters are the float64 ones") {
  const Text text(alphabet(200));
  const CharRnn task = text.task({{"preset", "custom"}, {"sequence", "10"}});
  CHECK(task.input<float>(Split::Train, first(5)) ==
        task.input(Split::Train, first(5)).cast<float>());
}

TEST_CASE("a text that is too short, or divided in vain, says what to change") {
  const Text text(alphabet(500));
  CHECK(
      said([&] { text.task({}); }) ==
      text.path +
          " has 500 characters, and a block of 100 x 100 characters is needed; use a longer text, "
          "or `preset: custom` with a shorter `sequence`");
  CHECK(said([&] {
          text.task({{"preset", "custom"}, {"fractions", "[0.1, 0.1]"}});
        }) ==
        text.path +
            " gives 5 blocks, of which none is left to train on; use a longer text, a smaller "
            "`block` or a larger first share in `fractions`");
  CHECK(said([&] {
          text.task({{"preset", "custom"}, {"fractions", "[0.8, 0.1, 0.1]"}});
        }) ==
        "`fractions` takes the shares of the training and the validation split, of at most 1 "
        "together, e.g. [0.8, 0.1]; the rest is the test split");
  CHECK(said([&] {
          text.task({{"preset", "custom"}, {"sequence", "1"}});
        }) == "`sequence: 1` leaves no next character to predict; use 2 or more");
}
