// oracles/cells/henon.cpp - the Henon map as a cell of two state blocks, without weights.
#include <lyap/lyap.hpp>

/// x' = 1 - a x^2 + y, y' = b x; det J = -b everywhere.
class Henon final : public lyap::AutoCell {
 public:
  static constexpr lyap::About about{"henon", "1.0.0", "Henon map, x' = 1 - a x^2 + y, y' = b x",
                                     "Henon, Commun. Math. Phys. 50 (1976) 69"};

  static void options(lyap::Options& o) {
    o.real("a").fallback("1.4").doc("strength of the fold");
    o.real("b").fallback("0.3").doc("contraction of areas");
  }

  Henon(const lyap::Values& values, lyap::Index) : a_(values.real("a")), b_(values.real("b")) {
    x_ = layout.state("x", 1);
    y_ = layout.state("y", 1);
  }

  void equations(lyap::Step& s) const override {
    s.next(x_, 1 - a_ * (s[x_] * s[x_]) + s[y_]);
    s.next(y_, b_ * s[x_]);
  }

 private:
  lyap::StateId x_, y_;
  double a_, b_;
};

LYAP_PLUGINS(Henon)
