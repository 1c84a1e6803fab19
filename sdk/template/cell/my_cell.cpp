// my_cell.cpp - a vanilla recurrent network, as equations: derivatives come by themselves.
#include <lyap/lyap.hpp>

/// h' = tanh(U x + V h + b)
class MyCell final : public lyap::AutoCell {
 public:
  static constexpr lyap::About about{
      "my_cell", "0.1.0", "vanilla RNN, h' = tanh(U x + V h + b)",
      "Vogt et al., Front. Appl. Math. Stat. 8 (2022) 818799, Eq. (1)"};

  static void options(lyap::Options& o) {
    o.integer("units").range(1, 8192).fallback("64").doc("hidden units N");
  }

  MyCell(const lyap::Values& values, lyap::Index inputs) {
    const lyap::Index n = values.integer("units");
    h_ = layout.state("h", n);
    U_ = layout.weight("weight_ih", n, inputs, "xavier_normal");
    V_ = layout.weight("weight_hh", n, n, "orthogonal");
    b_ = layout.weight("bias", n, 1, "zeros");
  }

  void equations(lyap::Step& s) const override {
    s.next(h_, tanh(s[U_] * s.input() + s[V_] * s[h_] + s[b_]));
  }

 private:
  lyap::StateId h_;
  lyap::WeightId U_, V_, b_;
};

LYAP_PLUGINS(MyCell)
