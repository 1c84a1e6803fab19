// oracles/cells/linear.cpp - a network without a nonlinearity: its Jacobian is its matrix.
#include <lyap/lyap.hpp>

/// h' = V h + W x
class Linear final : public lyap::AutoCell {
 public:
  static constexpr lyap::About about{"linear", "1.0.0", "linear network, h' = V h + W x",
                                     "exponents ln|eigenvalues of V|"};

  static void options(lyap::Options& o) {
    o.integer("units").range(1, 8192).fallback("8").doc("hidden units N");
  }

  Linear(const lyap::Values& values, lyap::Index inputs) {
    const lyap::Index n = values.integer("units");
    h_ = layout.state("h", n);
    W_ = layout.weight("weight_ih", n, inputs, "xavier_normal");
    V_ = layout.weight("weight_hh", n, n, "orthogonal");
  }

  void equations(lyap::Step& s) const override { s.next(h_, s[V_] * s[h_] + s[W_] * s.input()); }

 private:
  lyap::StateId h_;
  lyap::WeightId V_, W_;
};

LYAP_PLUGINS(Linear)
