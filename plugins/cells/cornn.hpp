// plugins/cells/cornn.hpp - the coupled oscillatory RNN: driven, damped oscillators coupled by
// tanh.
#pragma once
#include "initialisers.hpp"

#include <lyap/lyap.hpp>

namespace lyap::cells {

/// z' = z + dt (tanh(W_y y + W_z z + V x + b) - gamma y - epsilon z),  y' = y + dt z'.  The readout
/// sees y, and Scope::Hidden is dy'/dy at fixed z = (1 - dt^2 gamma) E + dt^2 D(tanh') W_y.
/// det J = det dz'/dz.
class Cornn final : public AutoCell {
 public:
  static constexpr About about{"cornn", "1.0.0", "coRNN, coupled oscillators",
                               "Rusch and Mishra, Coupled oscillatory recurrent neural network "
                               "(coRNN), ICLR 2021, arXiv:2010.00951"};

  static void options(Options& o) {
    o.integer("units").range(1, 8192).fallback("64").doc("number of oscillators N");
    o.real("dt").at_least(0).fallback("0.042").doc("time step");
    o.real("gamma").at_least(0).fallback("2.7").doc("square of the oscillators' frequency");
    o.real("epsilon").at_least(0).fallback("4.7").doc("damping");
  }

  Cornn(const Values& values, Index inputs)
      : dt_(values.real("dt")), gamma_(values.real("gamma")), epsilon_(values.real("epsilon")) {
    const Index n = values.integer("units");
    y_ = layout.state("y", n), z_ = layout.state("z", n);
    // The authors' one linear layer of (x, z, y), as three weights: a Jacobian's columns are then
    // columns of W_y and W_z and no product.
    const std::string init = linear_init(inputs + 2 * n);
    V_ = layout.weight("weight_ih", n, inputs, init);
    W_z_ = layout.weight("weight_z", n, n, init);
    W_y_ = layout.weight("weight_y", n, n, init);
    b_ = layout.weight("bias", n, 1, init);
  }

  void equations(Step& s) const override {
    const Value y = s[y_], z = s[z_];
    const Value force = tanh(s[W_y_] * y + s[W_z_] * z + s[V_] * s.input() + s[b_]);
    const Value next = z + dt_ * (force - gamma_ * y - epsilon_ * z);
    s.next(z_, next);
    s.next(y_, y + dt_ * next);
  }

 private:
  double dt_, gamma_, epsilon_;
  StateId y_, z_;
  WeightId V_, W_z_, W_y_, b_;
};

}  // namespace lyap::cells
