// spectrum/by_lu.hpp - tangent vectors kept apart by LU with row pivoting.
#pragma once
#include <lyap/lyap.hpp>
#include <utility>

#include "lower_frame.hpp"
#include "tangent_vectors.hpp"

namespace lyap::spectrum {

class ByLU final : public TangentVectors {
 public:
  ByLU(Index n, Index k, const Host& host) : lower_(n, k, host) {}

  void load(Frame& frame) override {
    lower_.adopt(std::move(frame.lines), frame.columns(),
                 frame.form == Form::Factored ? &frame.rows : nullptr);
  }
  void store(Frame& frame) override {
    frame.form = lower_.factored() ? Form::Factored : Form::Dense;
    frame.rows = lower_.order();
    frame.lines = lower_.release();
  }

  const std::int64_t* column_order() const override { return lower_.column_order(); }
  void multiply(const AlignedLines& J) override { lower_.multiply(J); }
  void take(In product) override { lower_.set(product); }
  double largest() const override { return lower_.largest(); }
  void scale(double factor) override { lower_.scale(factor); }

  void factorise(Out diagonal) override { lower_.factorise(diagonal); }
  Matrix upper() const override { return lower_.upper(); }
  void replace(const Matrix& U) override { lower_.set(lower_.dense() * U); }

  void lengths(Out diagonal) override { lower_.lengths(diagonal); }
  void rough_lengths(Out diagonal, AlignedLines& room) override {
    lower_.rough_lengths(diagonal, room);
  }

 private:
  analyses::LowerFrame lower_;
};

}  // namespace lyap::spectrum
