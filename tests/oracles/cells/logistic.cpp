// oracles/cells/logistic.cpp - the logistic map as a cell of one number, without weights.
#include <lyap/lyap.hpp>

/// x' = r x (1 - x)
class Logistic final : public lyap::AutoCell {
 public:
  static constexpr lyap::About about{"logistic", "1.0.0", "logistic map, x' = r x (1 - x)",
                                     "exponent ln 2 at r = 4"};

  static void options(lyap::Options& o) { o.real("r").fallback("4").doc("growth at x = 0"); }

  Logistic(const lyap::Values& values, lyap::Index) : r_(values.real("r")) {
    x_ = layout.state("x", 1);
  }

  void equations(lyap::Step& s) const override { s.next(x_, r_ * s[x_] * (1 - s[x_])); }

 private:
  lyap::StateId x_;
  double r_;
};

LYAP_PLUGINS(Logistic)
