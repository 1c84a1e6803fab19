// plugins/tasks/text_division.hpp - how a text is cut into sequences and shared among the splits.
#pragma once
#include <lyap/host.hpp>
#include <lyap/options.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "seeded.hpp"
#include "splits.hpp"

namespace lyap::tasks {

/// The text is cut into consecutive blocks of `block` sequences of `sequence` characters, and the
/// blocks are shared among the splits. p2: Vogt, Puelma Touzel, Shlizerman and Lajoie (2022); p1:
/// Vogt, Zheng and Shlizerman, as their programs do it.
class TextDivision {
 public:
  static void options(Options& o) {
    static const char* const presets[] = {"p2", "p1", "custom", nullptr};
    static const char* const switches[] = {"preset", "on", "off", nullptr};
    o.choice("preset", presets)
        .fallback("p2")
        .doc(
            "how the papers divide the text; options given beside it win. p2: at most 320 blocks "
            "of 100 sequences of 100 characters, shared 0.8/0.1/0.1 in order (floors: "
            "256/32/31); p1: at most 1000 blocks of 32 sequences of 100, shuffled, shared 0.8/0.2 "
            "and a random fifth of both kept; custom: the whole text in blocks of one sequence, "
            "shared 0.8/0.1/0.1 in order");
    o.integer("sequence")
        .range(0, 1e9)
        .fallback("0")
        .unit("characters")
        .doc("length of a sequence; 0 = as the preset says, 100");
    o.integer("block")
        .range(0, 1e9)
        .fallback("0")
        .unit("sequences")
        .doc("sequences that stay together when the text is shared; 0 = as the preset says");
    o.integer("blocks").range(0, 1e12).fallback("0").unit("blocks").doc(
        "use only the first so many blocks; 0 = as the preset says");
    o.reals("fractions")
        .range(0, 1)
        .fallback("[]")
        .doc(
            "shares of the training and the validation split, the rest is the test split; [] = as "
            "the preset says");
    o.choice("shuffle_blocks", switches)
        .fallback("preset")
        .doc("share the blocks in a random order instead of that of the text");
    o.integer("division")
        .range(0, 0x1p53)
        .fallback("1")
        .doc(
            "number of the order of shuffled blocks; it alone fixes the order, whatever the seed "
            "of "
            "the run");
    o.real("keep").range(0, 1).fallback("0").doc(
        "random part of the training and of the validation blocks that this run uses, at least one "
        "block, so that the networks of an ensemble see different text; 0 = as the preset says");
  }

  /// Characters begin .. end-1 of the text.
  struct Part {
    Index begin, end;
  };

  /// BadData: too few characters for one block, or no block left to train on.
  TextDivision(const Values& values, const Host& host, Index characters, const std::string& path)
      : cut_(cut(values)) {
    const Index blocks = std::min(cut_.blocks, characters / (cut_.block * cut_.sequence));
    if (blocks == 0)
      throw BadData(path + " has " + std::to_string(characters) + " characters, and a block of " +
                    std::to_string(cut_.block) + " x " + std::to_string(cut_.sequence) +
                    " characters is needed; use a longer text, or `preset: custom` with a shorter "
                    "`sequence`");
    Splits sizes = Splits::shared(blocks, cut_.shares);
    // The programs of the papers compute 1 - 0.9 in floating point and lose a block of War and
    // Peace.
    if (cut_.papers)
      sizes.test =
          std::max<Index>(0, static_cast<Index>(std::floor((1 - (cut_.shares[0] + cut_.shares[1])) *
                                                           static_cast<double>(blocks))));
    if (sizes.train == 0)
      throw BadData(
          path + " gives " + std::to_string(blocks) + (blocks == 1 ? " block" : " blocks") +
          ", of which none is left to train on; use a longer text, a smaller `block` or a "
          "larger first share in `fractions`");
    share(sizes, blocks, characters);
    for (const Split kept : {Split::Train, Split::Validation}) keep(kept, host);
  }

  Index sequence() const { return cut_.sequence; }
  Splits splits() const {
    const auto sequences = [&](Split split) { return std::ssize(blocks_[at(split)]) * cut_.block; };
    return {sequences(Split::Train), sequences(Split::Validation), sequences(Split::Test)};
  }
  /// The first character of a sequence.
  Index start(Split split, std::int64_t number) const {
    const Index block = blocks_[at(split)][static_cast<std::size_t>(number / cut_.block)];
    return (block * cut_.block + number % cut_.block) * cut_.sequence;
  }
  /// The contiguous text that belongs to a split; the whole text when the blocks are shuffled, for
  /// then no longer piece belongs to any.
  Part part(Split split) const { return parts_[at(split)]; }

 private:
  struct Cut {
    Index sequence, block, blocks;
    std::vector<double> shares;
    bool shuffled;
    double keep;
    std::uint64_t division;
    bool papers;
  };
  static Cut cut(const Values& v) {
    constexpr Index all = std::numeric_limits<Index>::max();
    const auto number = static_cast<std::uint64_t>(v.integer("division"));
    Cut cut = v.is("preset", "p2")   ? Cut{100, 100, 320, {.8, .1}, false, 1, number, true}
              : v.is("preset", "p1") ? Cut{100, 32, 1000, {.8, .2}, true, .2, number, true}
                                     : Cut{100, 1, all, {.8, .1}, false, 1, number, false};
    if (const Index given = v.integer("sequence")) cut.sequence = given;
    if (cut.sequence < 2)
      throw BadOption("`sequence: 1` leaves no next character to predict; use 2 or more");
    if (const Index given = v.integer("block")) cut.block = given;
    if (const Index given = v.integer("blocks")) cut.blocks = given;
    if (const auto given = v.reals("fractions"); !given.empty())
      cut.shares.assign(given.begin(), given.end()), cut.papers = false;
    if (!v.is("shuffle_blocks", "preset")) cut.shuffled = v.is("shuffle_blocks", "on");
    if (const double given = v.real("keep"); given > 0) cut.keep = given;
    return cut;
  }

  static std::size_t at(Split split) { return static_cast<std::size_t>(split); }

  void share(const Splits& sizes, Index blocks, Index characters) {
    std::vector<std::int64_t> order(static_cast<std::size_t>(blocks));
    std::iota(order.begin(), order.end(), 0);
    if (cut_.shuffled) order = Seeded(cut_.division).permutation(blocks);
    const Index block = cut_.block * cut_.sequence;
    auto next = order.begin();
    for (const Split split : {Split::Train, Split::Validation, Split::Test}) {
      const Index first = next - order.begin(), size = sizes[split];
      parts_[at(split)] =
          cut_.shuffled ? Part{0, characters} : Part{first * block, (first + size) * block};
      blocks_[at(split)].assign(next, next + size);
      next += size;
    }
  }
  void keep(Split split, const Host& host) {
    std::vector<Index>& blocks = blocks_[at(split)];
    if (cut_.keep == 1 || blocks.empty()) return;
    const auto order = host.permutation(std::string("keep/") + name_of(split), std::ssize(blocks));
    const auto kept = static_cast<std::size_t>(
        std::max(1.0, std::floor(cut_.keep * static_cast<double>(blocks.size()) + 1e-9)));
    std::vector<Index> chosen;
    for (std::size_t i = 0; i < kept; ++i)
      chosen.push_back(blocks[static_cast<std::size_t>(order[i])]);
    blocks = std::move(chosen);
  }

  Cut cut_;
  std::array<std::vector<Index>, 3> blocks_;
  std::array<Part, 3> parts_{};
};

}  // namespace lyap::tasks
