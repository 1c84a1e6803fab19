// framework/model/differences.hpp - the derivative of one step by central differences.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "linalg/matrix.hpp"
#include "model/cell.hpp"

namespace lyap::framework {

/// A step and what it started from, one column a sample.
struct StepPoint {
  lyap_const_matrix state, input, normal, uniform;
};

/// Tangents of s' = f(x, s; W) from steps to either side: (f(z + h v) - f(z - h v)) / 2h with
/// h = scale cbrt(eps) (1 + |z|) / |v|, z = (s, x), |.| the largest entry (the Euclidean norm would
/// make h grow with the number of units).  Error about h^2 f'''/6 + eps/h.
class Differences {
 public:
  Differences(const CellHandle& cell, std::int32_t dtype) : cell_(cell), dtype_(dtype) {}

  /// After every change of the weights; their addresses must stay.
  void bind(const lyap_const_matrix* weights);

  /// out = (ds'/ds) v + (ds'/dx) w of each sample, k tangents a sample; v or w may have no data.
  /// [any thread]
  void push(const StepPoint& point, lyap_const_matrix v, lyap_const_matrix w, lyap_matrix out,
            double scale = 1.0) const;

 private:
  /// Two columns a tangent, in a tape that one call at a time uses.
  struct Scratch {
    ~Scratch();
    const CellHandle* cell = nullptr;
    lyap_tape* tape = nullptr;
    std::uint64_t bound = 0;
    Buffer state, input, normal, uniform, states;
  };
  std::unique_ptr<Scratch> take(std::int64_t columns) const;

  const CellHandle& cell_;
  std::int32_t dtype_;
  const lyap_const_matrix* weights_ = nullptr;
  std::uint64_t bound_ = 0;
  mutable std::mutex mutex_;  // guards idle_
  mutable std::map<std::int64_t, std::vector<std::unique_ptr<Scratch>>> idle_;
};

}  // namespace lyap::framework
