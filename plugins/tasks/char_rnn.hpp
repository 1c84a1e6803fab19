// plugins/tasks/char_rnn.hpp - the next character of a text, predicted at every step.
#pragma once
#include <lyap/plugin.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "data_file.hpp"
#include "text_division.hpp"
#include "vocabulary.hpp"

namespace lyap::tasks {

/// x_t is a character as one 1 among zeros, the target the number of the character that follows.
class CharRnn final : public Task {
 public:
  static constexpr About about{
      "char_rnn", "1.0.0", "Prediction of the next character of a text",
      "Vogt, Puelma Touzel, Shlizerman and Lajoie, Front. Appl. Math. Stat. 8 (2022) 818799; after "
      "Karpathy, Johnson and Fei-Fei (2015), arXiv:1506.02078"};

  static void options(Options& o) {
    static const char* const last_targets[] = {"drop", "wrap", nullptr};
    static const char* const targets[] = {"all", "last", nullptr};
    static const char* const orders[] = {"contiguous", "shuffled", nullptr};
    o.text("text")
        .fallback("war_and_peace/warpeace_input.txt")
        .doc(
            "any UTF-8 text, with or without .gz: a path, or a name below the data folders "
            "(--data, "
            "LYAP_DATA). The characters are numbered in the papers' order when the text has no "
            "others than their War and Peace, else by code point");
    TextDivision::options(o);
    o.choice("last_target", last_targets)
        .fallback("drop")
        .doc(
            "a sequence holds no character after its last one. drop: its last character is a "
            "target only, so there is one step less; wrap: the target is its first character, as "
            "in the program of p2");
    o.choice("target", targets)
        .fallback("all")
        .doc(
            "all: every step is trained; last: the last step alone, as the text of p1 says (there "
            "with `sequence: 101`)");
    o.choice("input_order", orders)
        .fallback("contiguous")
        .doc(
            "text that drives an analysis. contiguous: the text from the sequence's first "
            "character on; shuffled: the characters of the split in random order, as in the "
            "notebooks of p2, which destroys the statistics of the text");
  }

  CharRnn(const Values& values, const Host& host)
      : CharRnn(values, host, host.read_text(file_called(values.text("text")), remedy)) {}

  TaskShape shape() const override {
    TaskShape s;
    s.inputs = s.outputs = vocabulary_.size();
    s.steps = steps();
    s.last_step_only = last_only_;
    s.next_step = true;  // with `target: last` too: what it trains is the next character
    s.drive_count = division_.splits().in_each();
    division_.splits().put_into(s);
    s.symbols = vocabulary_.names();
    return s;
  }

  void fetch(const Request& request, Out input, Out target) const override {
    division_.splits().check(request);
    if (input.data()) input.setZero();
    const Index first_target = last_only_ ? steps() - 1 : 0;
    for (Index b = 0; b < request.count(); ++b) {
      const Index start = division_.start(request.split, request.which[b]);
      if (input.data())
        for (Index t = 0; t < steps(); ++t) input(number(start + t), t * request.count() + b) = 1;
      if (target.data())
        for (Index t = first_target; t < steps(); ++t)
          target(0, (t - first_target) * request.count() + b) =
              static_cast<double>(number(t + 1 < division_.sequence() ? start + t + 1 : start));
    }
  }

  /// The text that begins with the sequence and goes on to the end of the split's part.
  void drive(const Request& request, Index from, Index count, Out input) const override {
    division_.splits().check(request);
    const Index end = division_.part(request.split).end;
    for (const std::int64_t which : request.which)
      if (const Index left = end - division_.start(request.split, which); from + count > left)
        throw BadShape("from sequence " + std::to_string(which) + " on the " +
                       name_of(request.split) + " text has " + std::to_string(left) +
                       " characters, and " + std::to_string(from + count) +
                       " are asked for; lower `warmup` or `steps`, or begin at earlier sequences");
    const std::span<const std::uint32_t> text = shuffled_.empty() ? file_.characters() : shuffled_;
    input.setZero();
    for (Index b = 0; b < request.count(); ++b) {
      const Index start = division_.start(request.split, request.which[b]) + from;
      for (Index t = 0; t < count; ++t)
        input(vocabulary_.number(text[static_cast<std::size_t>(start + t)]),
              t * request.count() + b) = 1;
    }
  }

 private:
  static constexpr const char* remedy =
      "`lyap data fetch war_and_peace`; any other UTF-8 text will do too, named with `text`";

  CharRnn(const Values& values, const Host& host, File file)
      : file_(std::move(file)),
        vocabulary_(file_.characters()),
        division_(values, host, file_.size(), file_.path()),
        wraps_(values.is("last_target", "wrap")),
        last_only_(values.is("target", "last")) {
    if (wraps_ && last_only_)
      throw BadOption(
          "`target: last` with `last_target: wrap` would train on the sequence's own "
          "first character alone; set `last_target: drop`");
    if (values.is("input_order", "shuffled")) shuffle(host);
  }

  Index steps() const { return division_.sequence() - (wraps_ ? 0 : 1); }
  Index number(Index place) const {
    return vocabulary_.number(file_.characters()[static_cast<std::size_t>(place)]);
  }

  void shuffle(const Host& host) {
    const std::span<const std::uint32_t> text = file_.characters();
    shuffled_.assign(text.begin(), text.end());
    for (const Split split : {Split::Train, Split::Validation, Split::Test}) {
      const TextDivision::Part part = division_.part(split);
      const auto order =
          host.permutation(std::string("input_order/") + name_of(split), part.end - part.begin);
      for (Index i = part.begin; i < part.end; ++i)
        shuffled_[static_cast<std::size_t>(i)] =
            text[static_cast<std::size_t>(part.begin + order[i - part.begin])];
    }
  }

  File file_;  ///< the text, which all networks of a sweep share
  Vocabulary vocabulary_;
  std::vector<std::uint32_t> shuffled_;  ///< what drives, if shuffled
  TextDivision division_;
  bool wraps_, last_only_;
};

}  // namespace lyap::tasks
