// tests/broken/faulty_cell.hpp - one small cell, written on abi.h by hand, with a fault to choose.
//
//   h' = tanh(U x + V h + b + 0.3 m + 0.05 n),  m' = 0.9 m + 0.1 h' + 0.01 u,  o = g sin(h)
//
// U = weight_ih, V = weight_hh, b = bias (live), g = gain, start h = tanh(begin) + 0.1 n.
#pragma once
#include <lyap/border.hpp>
#include <lyap/views.hpp>

#include <cmath>
#include <string>
#include <vector>

using lyap::Index;
using lyap::MatrixOf;
using lyap::Real;
using lyap::VectorOf;

enum class Fault {
  None,
  WithoutNoise,        // none either
  WithoutDerivatives,  // none either: the kernel takes differences
  RefusesDefaults,
  SilentNull,
  BlocksDoNotAddUp,
  BadWeightName,
  NearTorchName,
  CountsCalls,
  MixesBatch,
  RestartsInChunk,
  KeepsLiveWeights,
  SwallowsNan,
  ChangesInput,
  IgnoresStride,
  WritesBeside,
  KeepsArguments,
  PushSign,
  SloppyInFloat,
  PullForgetsMemory,
  IgnoresColumnOrder,
  ForgetsBiasGradient,
  BackwardDropsState,
  WrongOutputPush,
  StartsAnew,
  ProjectsToNan,
  NeedsItsOwnThread,
  Crashes,
  EndsProcess,
  Hangs,
  ThrowsStandard,
  ThrowsOther,
};

struct FaultyCell {
  Fault fault;
  Index units, inputs;
  std::vector<lyap_block> blocks;
  std::vector<lyap_weight> weights;
  lyap_cell_shape shape{};

  FaultyCell(Fault fault, Index units, Index inputs) : fault(fault), units(units), inputs(inputs) {
    const char* hh = fault == Fault::BadWeightName   ? "weight hh"
                     : fault == Fault::NearTorchName ? "weight_hhh"
                                                     : "weight_hh";
    blocks = {{"h", units}, {"m", units}};
    weights = {{"weight_ih", "xavier_normal", units, inputs, LYAP_TRAINABLE, 0},
               {hh, "orthogonal", units, units, LYAP_TRAINABLE, 0},
               {"bias", "uniform(-0.1, 0.1)", units, 1, LYAP_TRAINABLE | LYAP_LIVE, 0},
               {"gain", "ones", 1, 1, LYAP_TRAINABLE, 0},
               {"begin", "zeros", units, 1, LYAP_TRAINABLE, 0}};
    shape.size = sizeof shape;
    shape.block_count = 2;
    shape.weight_count = 5;
    shape.blocks = blocks.data();
    shape.weights = weights.data();
    shape.inputs = inputs;
    shape.state = 2 * units + (fault == Fault::BlocksDoNotAddUp ? 1 : 0);
    shape.outputs = units;
    shape.normal = fault == Fault::WithoutNoise ? 0 : units;
    shape.uniform = fault == Fault::WithoutNoise ? 0 : 1;
    shape.derivative = fault == Fault::WithoutDerivatives ? LYAP_BY_DIFFERENCES : LYAP_ANALYTIC;
  }
};

struct FaultyTapeBase {
  const FaultyCell* cell;
  std::int32_t dtype;
  virtual ~FaultyTapeBase() = default;
};

// A thread that has opened a tape of a cell that needs this.
inline thread_local bool has_opened = false;

template <Real T>
struct FaultyTape : FaultyTapeBase {
  Index batch;
  std::vector<lyap_const_matrix> bound;
  MatrixOf<T> input, before, after;  // column t*batch + b
  VectorOf<T> own_bias;
  const T* kept_state = nullptr;
  int calls = 0;

  FaultyTape(const FaultyCell& cell, Index steps, Index batch) : batch(batch) {
    this->cell = &cell;
    dtype = lyap::dtype_of<T>;
    input.setZero(cell.inputs, steps * batch);
    before.setZero(2 * cell.units, steps * batch);
    after = before;
    has_opened = true;
  }

  auto weight(std::size_t i) const { return lyap::view<T>(bound[i]); }

  void bind(const lyap_const_matrix* weights) {
    bound.assign(weights, weights + cell->weights.size());
    own_bias = weight(2).col(0);
  }

  void step(const lyap_chunk& chunk) {
    const Index n = cell->units, count = chunk.count * batch, at = chunk.at * batch;
    const bool dense = cell->fault == Fault::IgnoresStride;
    const auto start = lyap::view<T>(chunk.state);
    auto states = lyap::view<T>(
        dense ? lyap_matrix{chunk.states.data, 2 * n, count, 2 * n, dtype, 0} : chunk.states);
    if (cell->inputs > 0) input.middleCols(at, count) = lyap::view<T>(chunk.input);
    if (cell->fault == Fault::KeepsArguments) kept_state = static_cast<const T*>(chunk.state.data);
    for (Index t = 0; t < chunk.count; ++t) {
      const bool first = t == 0 || cell->fault == Fault::RestartsInChunk;
      for (Index b = 0; b < batch; ++b) {
        const Index j = t * batch + b;
        before.col(at + j) =
            first ? VectorOf<T>(start.col(b)) : VectorOf<T>(after.col(at + j - batch));
        after.col(at + j) = next(before.col(at + j), input.col(at + j), chunk, j);
        states.col(j) = after.col(at + j);
      }
    }
    if (cell->fault == Fault::WritesBeside && chunk.states.stride > 2 * n)
      static_cast<T*>(chunk.states.data)[2 * n] = T(0);
    if (cell->fault == Fault::ChangesInput && cell->inputs > 0)
      const_cast<T*>(static_cast<const T*>(chunk.input.data))[0] = T(0);
    ++calls;
  }

  VectorOf<T> next(const VectorOf<T>& s, const VectorOf<T>& x, const lyap_chunk& chunk, Index j) {
    const Index n = cell->units;
    VectorOf<T> a = weight(1) * s.head(n) + T(0.3) * s.tail(n);
    a += cell->fault == Fault::KeepsLiveWeights ? own_bias : VectorOf<T>(weight(2).col(0));
    if (cell->inputs > 0) a += weight(0) * x;
    if (chunk.normal.data) a += T(0.05) * lyap::view<T>(chunk.normal).col(j);
    if (cell->fault == Fault::CountsCalls) a.array() += T(1e-3) * T(calls);
    if (cell->fault == Fault::MixesBatch) a.array() += T(1e-3) * T(batch);
    if (cell->fault == Fault::SwallowsNan)
      a = a.unaryExpr([](T v) { return std::isnan(v) ? T(0) : v; });
    VectorOf<T> out(2 * n);
    out.head(n) = a.array().tanh();
    out.tail(n) = T(0.9) * s.tail(n) + T(0.1) * out.head(n);
    if (chunk.uniform.data) out.tail(n).array() += T(0.01) * lyap::view<T>(chunk.uniform)(0, j);
    if (cell->fault == Fault::SwallowsNan)
      out = out.unaryExpr([](T v) { return std::isnan(v) ? T(0) : v; });
    return out;
  }

  // tanh'(a) of one sample at one step.
  VectorOf<T> slope(Index column) const {
    const Index n = cell->units;
    VectorOf<T> h = after.col(column).head(n);
    if (cell->fault == Fault::KeepsArguments && kept_state)
      h.array() += T(0.1) * (kept_state[0] - before(0, column % batch));
    if (cell->fault == Fault::NeedsItsOwnThread && !has_opened) h.setZero();
    return T(1) - h.array().square();
  }

  VectorOf<T> push(Index column, const VectorOf<T>& ds, const VectorOf<T>& dx) const {
    const Index n = cell->units;
    VectorOf<T> da = weight(1) * ds.head(n) + T(0.3) * ds.tail(n);
    if (dx.size() > 0) da += weight(0) * dx;
    VectorOf<T> out(2 * n);
    out.head(n) = slope(column).cwiseProduct(da);
    if (cell->fault == Fault::PushSign) out.head(n) *= T(-1);
    if (cell->fault == Fault::SloppyInFloat && sizeof(T) == 4) out.head(n) *= T(1.001);
    out.tail(n) = T(0.9) * ds.tail(n) + T(0.1) * out.head(n);
    return out;
  }

  // Adds to the weight bars; returns the adjoint of the state and then of the input.
  VectorOf<T> pull(Index column, const VectorOf<T>& bar, const lyap_matrix* weight_bars) const {
    const Index n = cell->units;
    const VectorOf<T> ga =
        slope(column).cwiseProduct(VectorOf<T>(bar.head(n) + T(0.1) * bar.tail(n)));
    VectorOf<T> out(2 * n + cell->inputs);
    out.head(n) = weight(1).transpose() * ga;
    out.segment(n, n) = T(0.3) * ga + T(0.9) * bar.tail(n);
    if (cell->fault == Fault::PullForgetsMemory) out.segment(n, n) = T(0.9) * bar.tail(n);
    out.tail(cell->inputs) = weight(0).transpose() * ga;
    if (!weight_bars) return out;
    if (cell->inputs > 0) lyap::view<T>(weight_bars[0]) += ga * input.col(column).transpose();
    lyap::view<T>(weight_bars[1]) += ga * before.col(column).head(n).transpose();
    if (cell->fault != Fault::ForgetsBiasGradient) lyap::view<T>(weight_bars[2]) += ga;
    return out;
  }
};
