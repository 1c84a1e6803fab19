// lyap/bound_weights.hpp - the weights a tape computes with, and the sums of them in use.
#pragma once
#include <deque>
#include <vector>

#include "lyap/panels.hpp"
#include "lyap/weight_sum.hpp"

namespace lyap {

/// The matrices that recorded equations multiply by, each kept once.
class Multipliers {
 public:
  explicit Multipliers(const Layout& layout) : layout_(&layout) {}
  virtual ~Multipliers() = default;

  /// The number of a sum, noted when it is new. Its record may be gone later.
  int note(const WeightSum& sum) {
    for (std::size_t i = 0; i < sums_.size(); ++i)
      if (sums_[i] == sum) return static_cast<int>(i);
    if (!sum.plain()) refuse_live(sum);
    sums_.push_back(sum);
    evaluate(sums_.size() - 1);
    return static_cast<int>(sums_.size()) - 1;
  }
  const std::vector<WeightSum>& sums() const { return sums_; }
  /// What sentences call it: "weight 'weight_hh'".
  std::string name(const WeightSum& sum) const {
    if (!sum.plain()) return "a sum of weights";
    return "weight '" + std::string(layout_->weights()[sum.terms[0].slot].name) + "'";
  }
  bool is_live(int slot) const {
    return layout_->weights()[static_cast<std::size_t>(slot)].flags & LYAP_LIVE;
  }

 protected:
  void restart(const Layout& layout) { layout_ = &layout, sums_.clear(); }

 private:
  virtual void evaluate(std::size_t) {}
  void refuse_live(const WeightSum& sum) const {
    for (int i = 0; i < sum.count; ++i)
      if (const int slot = sum.terms[i].slot; slot >= 0 && is_live(slot))
        throw std::invalid_argument("weight '" + std::string(layout_->weights()[slot].name) +
                                    "' is live and cannot stand in a sum of weights");
  }

  const Layout* layout_;
  std::vector<WeightSum> sums_;
};

/// A matrix or its transpose: op(matrix).
template <Real T>
struct Multiplier {
  ConstViewOf<T> matrix;
  bool transposed;
};

/// The same with numbers.
template <Real T>
class BoundWeights final : public Multipliers {
 public:
  using Multipliers::Multipliers;

  /// The weights stay where they are; sums are worked out anew.
  void bind(const Weights<T>& weights) {
    weights_ = weights;
    forward_.ready = backward_.ready = 0;
    for (std::size_t i = 0; i < sums().size(); ++i) evaluate(i);
  }
  /// Copies the matrices in use, or their transposes, into panels: worth it before products with
  /// the states of many samples. Lasts until the next bind.
  void prepare(bool transposed) {
    Copies& copies = transposed ? backward_ : forward_;
    if (copies.panels.size() < sums().size()) copies.panels.resize(sums().size());
    for (; copies.ready < sums().size(); ++copies.ready) {
      const WeightSum& sum = sums()[copies.ready];
      if (sum.plain() && is_live(sum.terms[0].slot)) continue;
      const Multiplier<T> w = (*this)[static_cast<int>(copies.ready)];
      if (w.transposed != transposed)
        copies.panels[copies.ready].set_transposed(w.matrix);
      else
        copies.panels[copies.ready].set(w.matrix);
    }
  }
  /// out = W a, or out += W a.
  void multiply(int number, const ConstViewOf<T>& a, ViewOf<T> out, bool add = false) const {
    product((*this)[number], forward_.of(number), a, out, add);
  }
  /// out = W^T bar, or out += W^T bar.
  void multiply_transposed(int number, const ConstViewOf<T>& bar, ViewOf<T> out, bool add) const {
    const Multiplier<T> w = (*this)[number];
    product({w.matrix, !w.transposed}, backward_.of(number), bar, out, add);
  }
  /// Binds the weights of any cell, forgetting the sums in use.
  void bind(const Layout& layout, const Weights<T>& weights) {
    restart(layout);
    forward_.ready = backward_.ready = 0;
    weights_ = weights;
  }
  ConstViewOf<T> weight(int slot) const { return weights_[WeightId{slot}]; }
  Multiplier<T> operator[](int number) const {
    const WeightSum& sum = sums()[static_cast<std::size_t>(number)];
    if (sum.plain()) return {weight(sum.terms[0].slot), sum.terms[0].transposed};
    const MatrixOf<T>& m = values_[static_cast<std::size_t>(number)];
    return {{m.data(), m.rows(), m.cols(), Eigen::OuterStride<>(m.rows())}, false};
  }

 private:
  static void product(const Multiplier<T>& w, const Panels<T>* panels, const ConstViewOf<T>& a,
                      ViewOf<T> out, bool add) {
    if (panels) return add ? panels->add_product(a, out) : panels->multiply(a, out);
    if (!add) out.setZero();
    if (w.transposed)
      out.noalias() += w.matrix.transpose() * a;
    else
      out.noalias() += w.matrix * a;
  }
  struct Copies {
    std::vector<Panels<T>> panels;  // by number; live weights have none
    std::size_t ready = 0;
    const Panels<T>* of(int number) const {
      const auto at = static_cast<std::size_t>(number);
      return at < ready && panels[at].rows() > 0 ? &panels[at] : nullptr;
    }
  };
  void evaluate(std::size_t number) override {
    if (values_.size() < sums().size()) values_.resize(sums().size());
    const WeightSum& sum = sums()[number];
    if (sum.plain()) return;
    MatrixOf<T>& value = values_[number];
    value.setZero(sum.rows, sum.cols);
    for (int i = 0; i < sum.count; ++i) {
      const WeightSum::Term& term = sum.terms[i];
      const T factor = static_cast<T>(term.factor);
      if (term.slot < 0)
        value.diagonal().array() += factor;
      else if (term.transposed)
        value += factor * weight(term.slot).transpose();
      else
        value += factor * weight(term.slot);
    }
  }

  Weights<T> weights_;
  std::deque<MatrixOf<T>> values_;  // by number; plain ones stay empty
  Copies forward_, backward_;
};

}  // namespace lyap
