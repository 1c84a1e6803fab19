// plugins/cells/square_product.hpp - which way a recurrent matrix meets the state.
#pragma once
#include <lyap/lyap.hpp>

namespace lyap::cells {

/// M h as in the papers, or h^T M, that is M^T h, as in code that keeps states as rows. Where M is
/// built from its own transpose the two differ only in what the stored tensor is called, but a
/// tensor trained with the one must not be run with the other.
class SquareProduct {
 public:
  static void options(Options& o) {
    static constexpr const char* ways[] = {"column", "row", nullptr};
    o.choice("product", ways)
        .fallback("column")
        .doc(
            "recurrent matrices M act as M h (column) or h^T M (row); row reproduces published "
            "behaviour, that of the authors' code and its checkpoints");
  }

  explicit SquareProduct(const Values& values) : row_(values.is("product", "row")) {}

  WeightSum operator()(const WeightSum& m) const { return row_ ? transpose(m) : m; }

 private:
  bool row_;
};

}  // namespace lyap::cells
