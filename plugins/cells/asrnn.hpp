// plugins/cells/asrnn.hpp - the AntisymmetricRNN: a step of Euler's method along a tanh flow whose
// recurrent matrix is skew but for a small damping.
#pragma once
#include "initialisers.hpp"
#include "square_product.hpp"

namespace lyap::cells {

/// A = W - W^T - gamma E,  h' = h + epsilon tanh(A h + V x + b);  gated:
/// h' = h + epsilon sigmoid(A h + V_z x + b_z) * tanh(A h + V x + b).  Only W - W^T acts: N(N-1)/2
/// of W's numbers are free.
class Asrnn final : public AutoCell {
 public:
  static constexpr About about{"asrnn", "1.0.0", "AntisymmetricRNN, plain and gated",
                               "Chang, Chen, Haber and Chi, AntisymmetricRNN: A dynamical system "
                               "view on recurrent neural networks, ICLR 2019, arXiv:1902.09689"};

  static void options(Options& o) {
    static constexpr const char* variants[] = {"plain", "gated", nullptr};
    static constexpr const char* biases[] = {"one", "none", nullptr};
    o.integer("units").range(1, 8192).fallback("64").doc("number of hidden units N");
    o.real("epsilon").at_least(0).fallback("0.01").doc("length of Euler's step");
    o.real("gamma").at_least(0).fallback("0.01").doc(
        "damping in A = W - W^T - gamma E; set to the bound p of the initialiser it reproduces "
        "published behaviour, where the code overwrote gamma by p");
    o.choice("variant", variants)
        .fallback("plain")
        .doc("plain, or with an input gate that shares A and adds weight_iz and bias_z");
    o.choice("bias", biases).fallback("one").doc("a bias beside every input weight, or none");
    SquareProduct::options(o);
  }

  Asrnn(const Values& values, Index inputs)
      : product_(values),
        units_(values.integer("units")),
        epsilon_(values.real("epsilon")),
        gamma_(values.real("gamma")),
        gated_(values.is("variant", "gated")),
        biased_(values.is("bias", "one")) {
    h_ = layout.state("h", units_);
    W_ = layout.weight("weight_W", units_, units_,
                       normal_init(1 / std::sqrt(static_cast<double>(units_))));
    const std::string input_init = normal_init(1 / std::sqrt(static_cast<double>(inputs)));
    V_ = layout.weight("weight_ih", units_, inputs, input_init);
    if (biased_) b_ = layout.weight("bias", units_, 1, "zeros");
    if (!gated_) return;
    V_gate_ = layout.weight("weight_iz", units_, inputs, input_init);
    // One opens the gate to sigmoid(1) = 0.73 at first.
    if (biased_) b_gate_ = layout.weight("bias_z", units_, 1, "ones");
  }

  void equations(Step& s) const override {
    const WeightSum A = product_(s[W_] - transpose(s[W_]) - gamma_ * identity(units_));
    const Value h = s[h_], Ah = A * h;
    Value flow = tanh(Ah + driven(s, V_, b_));
    if (gated_) flow = sigmoid(Ah + driven(s, V_gate_, b_gate_)) * flow;
    s.next(h_, h + epsilon_ * flow);
  }

 private:
  Value driven(Step& s, WeightId V, WeightId b) const {
    const Value Vx = s[V] * s.input();
    return biased_ ? Vx + s[b] : Vx;
  }

  SquareProduct product_;
  Index units_;
  double epsilon_, gamma_;
  bool gated_, biased_;
  StateId h_;
  WeightId W_, V_, b_, V_gate_, b_gate_;
};

}  // namespace lyap::cells
