// plugins/cells/recurrence.hpp - a recurrent matrix that is made from other weights.
#pragma once
#include <lyap/lyap.hpp>
#include <vector>

namespace lyap::cells {

/// V (n x n) as a function of weights, with its derivative. In float64 whatever the precision of
/// the network: V is made once for as long as the weights stay, so accuracy costs nothing.
class Recurrence {
 public:
  virtual ~Recurrence() = default;
  /// V from the weights, in the order the cell declared them; keeps what pull needs.
  virtual Matrix make(const std::vector<Matrix>& weights) = 0;
  /// (dV/dW)^T V_bar for each of the weights last given to make.
  virtual std::vector<Matrix> pull(const Matrix& V_bar) const = 0;
};

/// The weight is V.
class FreeRecurrence final : public Recurrence {
 public:
  Matrix make(const std::vector<Matrix>& weights) override { return weights[0]; }
  std::vector<Matrix> pull(const Matrix& V_bar) const override { return {V_bar}; }
};

}  // namespace lyap::cells
