// oracles/cells/product.cpp - a prescribed product of matrices: the input is the Jacobian.
#include <lyap/lyap.hpp>

/// h' = M h, where the N^2 inputs of a step are M column by column: R repeats every entry of h N
/// times, S adds up what belongs to one row. R and S are given as weights.
class Product final : public lyap::AutoCell {
 public:
  static constexpr lyap::About about{"product", "1.0.0", "h' = M h, the matrix M is the input",
                                     "products of random or periodic matrices"};

  static void options(lyap::Options& o) {
    o.integer("units").range(1, 64).fallback("3").doc("rows N of the matrices");
  }

  Product(const lyap::Values& values, lyap::Index inputs) {
    const lyap::Index n = values.integer("units");
    if (inputs != n * n) throw lyap::BadOption("the inputs must be the `units`^2 entries of M");
    h_ = layout.state("h", n);
    R_ = layout.weight("repeat", n * n, n, "zeros");
    S_ = layout.weight("sum", n, n * n, "zeros");
  }

  void equations(lyap::Step& s) const override {
    s.next(h_, s[S_] * (s.input() * (s[R_] * s[h_])));
  }

 private:
  lyap::StateId h_;
  lyap::WeightId R_, S_;
};

LYAP_PLUGINS(Product)
