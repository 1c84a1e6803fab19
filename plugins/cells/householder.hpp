// plugins/cells/householder.hpp - an orthogonal matrix as a product of reflections.
#pragma once
#include "recurrence.hpp"

namespace lyap::cells {

/// V = H(u_1) .. H(u_m), H(u) = E - 2 u u^T / u^T u, u_j the part on and below the diagonal of
/// column j of one weight (n x m): orthogonal whatever the weight. With m = n the last column is a
/// single number, of which only the sign counts: it stands for the last entry of a diagonal matrix
/// of ones.                     Mhammedi et al., ICML 2017; the compact form U S^-1 U^T is that of
/// Joffrain et al., ACM Trans. Math. Softw. 32 (2006) 169.
class HouseholderRecurrence final : public Recurrence {
 public:
  /// Throws std::invalid_argument when a column is zero.
  Matrix make(const std::vector<Matrix>& weights) override;

  /// With V = E - U X, X = S^-1 U^T and S the upper half of U^T U, its diagonal halved.
  std::vector<Matrix> pull(const Matrix& V_bar) const override;

 private:
  Matrix U_, S_, X_;
  double sign_ = 1;
  bool signed_ = false;
};

/// Zero above the diagonal, columns of length 1: what V does not see is taken out of the weight.
template <Real T>
void normalise_reflections(ViewOf<T> weight) {
  for (Index j = 0; j < weight.cols(); ++j) {
    weight.col(j).head(j).setZero();
    const Vector u = weight.col(j).template cast<double>();
    if (const double length = u.norm(); length > 0) weight.col(j) = (u / length).template cast<T>();
  }
}

}  // namespace lyap::cells
