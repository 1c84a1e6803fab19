// mistakes.cpp - cells with one mistake each, whose messages the plugin author's guide explains.
#include <lyap/lyap.hpp>

#include <string>

using lyap::Index;

/// A vanilla RNN of 16 units without a mistake; every cell below changes one thing.
class Right : public lyap::AutoCell {
 public:
  static void options(lyap::Options& o) {
    o.integer("units").range(1, 64).fallback("16").doc("hidden units");
  }
  Right(const lyap::Values& values, Index inputs, const std::string& option = "units",
        const std::string& init = "xavier_normal")
      : units_(values.integer(option)) {
    h_ = layout.state("h", units_);
    U_ = layout.weight("weight_ih", units_, inputs, init);
    V_ = layout.weight("weight_hh", units_, units_, "orthogonal");
  }
  void equations(lyap::Step& s) const override {
    s.next(h_, tanh(s[U_] * s.input() + s[V_] * s[h_]));
  }

 protected:
  Index units_;
  lyap::StateId h_;
  lyap::WeightId U_, V_;
};

struct MisspeltOption : Right {
  static constexpr lyap::About about{"misspelt_option", "0.1.0", "reads `unit`", "none"};
  MisspeltOption(const lyap::Values& v, Index inputs) : Right(v, inputs, "unit") {}
};

struct LostWeight : Right {
  static constexpr lyap::About about{"lost_weight", "0.1.0", "keeps no id", "none"};
  LostWeight(const lyap::Values& v, Index inputs) : Right(v, inputs) { V_ = {}; }
};

struct WrongWeight : Right {
  static constexpr lyap::About about{"wrong_weight", "0.1.0", "multiplies x by V", "none"};
  WrongWeight(const lyap::Values& v, Index inputs) : Right(v, inputs) {}
  void equations(lyap::Step& s) const override { s.next(h_, tanh(s[V_] * s.input())); }
};

struct WrongSum : Right {
  static constexpr lyap::About about{"wrong_sum", "0.1.0", "adds blocks of two sizes", "none"};
  WrongSum(const lyap::Values& v, Index inputs) : Right(v, inputs) {
    c_ = layout.state("c", 2 * units_);
  }
  void equations(lyap::Step& s) const override { s.next(h_, s[h_] + s[c_]); }
  lyap::StateId c_;
};

struct MissingBlock : Right {
  static constexpr lyap::About about{"missing_block", "0.1.0", "forgets the block c", "none"};
  MissingBlock(const lyap::Values& v, Index inputs) : Right(v, inputs) {
    layout.state("c", units_);
  }
};

struct UnknownInitialiser : Right {
  static constexpr lyap::About about{"unknown_initialiser", "0.1.0", "xaviernormal", "none"};
  UnknownInitialiser(const lyap::Values& v, Index inputs)
      : Right(v, inputs, "units", "xaviernormal") {}
};

struct Counting : Right {
  static constexpr lyap::About about{"counting", "0.1.0", "counts its calls", "none"};
  Counting(const lyap::Values& v, Index inputs) : Right(v, inputs) {}
  void equations(lyap::Step& s) const override { s.next(h_, s[h_] + 0.1 * calls_++); }
  mutable int calls_ = 0;
};

struct NotFinite : Right {
  static constexpr lyap::About about{"not_finite", "0.1.0", "divides by zero", "none"};
  NotFinite(const lyap::Values& v, Index inputs) : Right(v, inputs) {}
  void equations(lyap::Step& s) const override { s.next(h_, 1 / (s[h_] - s[h_])); }
};

LYAP_PLUGINS(MisspeltOption, LostWeight, WrongWeight, WrongSum, MissingBlock, UnknownInitialiser,
             Counting, NotFinite)
