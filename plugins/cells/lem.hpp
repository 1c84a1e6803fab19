// plugins/cells/lem.hpp - Long Expressive Memory: two slow variables, each with time steps of its
// own choice.
#pragma once
#include "initialisers.hpp"

#include <lyap/lyap.hpp>

namespace lyap::cells {

/// With i = inp2hid x and g = hid2hid y (biases included) in row blocks i1, i2, iz, iy and g1, g2,
/// gy, and all products elementwise:
///   z' = (1 - d) z + d tanh(iy + gy),                d    = dt sigmoid(i2 + g2)
///   y' = (1 - dbar) y + dbar tanh(transform_z z' + iz), dbar = dt sigmoid(i1 + g1)
/// The readout sees y.  Tensors and their order are those of the authors' code.
class Lem final : public AutoCell {
 public:
  static constexpr About about{"lem", "1.0.0", "LEM, long expressive memory",
                               "Rusch, Mishra, Erichson and Mahoney, Long expressive memory for "
                               "sequence modeling, ICLR 2022, arXiv:2110.04744"};

  static void options(Options& o) {
    o.integer("units").range(1, 8192).fallback("64").doc("number N of units y, and of units z");
    o.real("dt").at_least(0).fallback("1").doc("longest time step of a unit");
  }

  Lem(const Values& values, Index inputs) : n_(values.integer("units")), dt_(values.real("dt")) {
    y_ = layout.state("y", n_), z_ = layout.state("z", n_);
    const std::string init = linear_init(n_);
    inp2hid_ = linear("inp2hid", 4 * n_, inputs, init);
    hid2hid_ = linear("hid2hid", 3 * n_, n_, init);
    transform_z_ = linear("transform_z", n_, n_, init);
  }

  void equations(Step& s) const override {
    const Value y = s[y_], z = s[z_];
    const Value i = inp2hid_.of(s, s.input()), g = hid2hid_.of(s, y);
    const auto block = [&](Value of, Index k) { return rows(of, k * n_, n_); };
    const Value d_bar = dt_ * sigmoid(block(i, 0) + block(g, 0));
    const Value d = dt_ * sigmoid(block(i, 1) + block(g, 1));
    const Value next = (1 - d) * z + d * tanh(block(i, 3) + block(g, 2));
    s.next(z_, next);
    s.next(y_, (1 - d_bar) * y + d_bar * tanh(transform_z_.of(s, next) + block(i, 2)));
  }

 private:
  struct Linear {
    WeightId weight, bias;
    Value of(Step& s, Value a) const { return s[weight] * a + s[bias]; }
  };
  Linear linear(const std::string& name, Index rows, Index cols, const std::string& init) {
    return {layout.weight(name + ".weight", rows, cols, init),
            layout.weight(name + ".bias", rows, 1, init)};
  }

  Index n_;
  double dt_;
  StateId y_, z_;
  Linear inp2hid_, hid2hid_, transform_z_;
};

}  // namespace lyap::cells
