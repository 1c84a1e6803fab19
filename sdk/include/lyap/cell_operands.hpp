// lyap/cell_operands.hpp - checks the border's operands before a cell sees them.
#pragma once
#include <string>
#include <vector>

#include "lyap/border.hpp"
#include "lyap/operands.hpp"

namespace lyap::border {

/// Throws BadShape unless the operand is rows x cols numbers of the dtype. `call` and `name` say
/// in whose argument the mistake is.
template <class M>
void expect(const M& m, const char* call, const char* name, Index rows, Index cols, int dtype) {
  if (m.data && m.rows == rows && m.cols == cols && m.stride >= rows && m.dtype == dtype) return;
  const auto spell = [](auto r, auto c, int type) {
    return std::to_string(r) + " x " + std::to_string(c) +
           (type == LYAP_F32   ? " float32"
            : type == LYAP_F64 ? " float64"
                               : " of another dtype");
  };
  std::string found = m.data ? spell(m.rows, m.cols, m.dtype) : std::string("absent");
  if (m.data && m.stride < m.rows) found += " with a stride of " + std::to_string(m.stride);
  throw BadShape(std::string(call) + ": " + name + " is " + found + " where " +
                 spell(rows, cols, dtype) + " is needed");
}
/// The same for an operand that may be absent.
template <class M>
void expect_or_none(const M& m, const char* call, const char* name, Index rows, Index cols,
                    int dtype) {
  if (m.data) expect(m, call, name, rows, cols, dtype);
}

template <class M>
void expect_weights(const M* all, const lyap_cell_shape& shape, const char* call, int dtype) {
  if (!all && shape.weight_count > 0)
    throw BadShape(std::string(call) + ": the weights are absent");
  for (std::uint32_t i = 0; i < shape.weight_count; ++i)
    expect(all[i], call, shape.weights[i].name, shape.weights[i].rows, shape.weights[i].cols,
           dtype);
}
template <class M>
void expect_weights_or_none(const M* all, const lyap_cell_shape& shape, const char* call,
                            int dtype) {
  for (std::uint32_t i = 0; all && i < shape.weight_count; ++i)
    expect_or_none(all[i], call, shape.weights[i].name, shape.weights[i].rows,
                   shape.weights[i].cols, dtype);
}

/// Directions or adjoints a sample: columns divided by samples, which must be a whole number.
inline Index per_sample(const char* call, const char* name, Index cols, Index samples) {
  if (samples < 1 || cols < samples || cols % samples != 0)
    throw BadShape(std::string(call) + ": " + name + " has " + std::to_string(cols) +
                   " columns for " + std::to_string(samples) + " samples");
  return cols / samples;
}

inline void expect_range(const char* call, const char* name, Index from, Index count, Index limit) {
  if (from < 0 || count < 1 || from + count > limit)
    throw BadShape(std::string(call) + ": " + name + " " + std::to_string(from) + " to " +
                   std::to_string(from + count - 1) + " of " + std::to_string(limit));
}

/// Which rows (or columns) of the state a mask of blocks and an order mean, `count` of them.
inline void choose(const lyap_cell_shape& shape, std::uint64_t mask, const std::int64_t* order,
                   Index count, const char* name, std::vector<Index>& out) {
  thread_local std::vector<Index> chosen;
  chosen.clear();
  Index from = 0;
  for (std::uint32_t b = 0; b < shape.block_count; ++b) {
    // Blocks beyond the mask's bits are only in "all of them".
    const bool in = b < 64 ? (mask >> b) & 1 : mask == ~std::uint64_t{0};
    for (Index i = 0; in && i < shape.blocks[b].rows; ++i) chosen.push_back(from + i);
    from += shape.blocks[b].rows;
  }
  const Index all = static_cast<Index>(chosen.size());
  if (order ? count > all : count != all)
    throw BadShape("jacobian: out has " + std::to_string(count) + " " + name +
                   " and the asked blocks have " + std::to_string(all));
  out.resize(static_cast<std::size_t>(count));
  for (Index i = 0; i < count; ++i) {
    const Index at = order ? order[i] : i;
    if (at < 0 || at >= all)
      throw BadShape("jacobian: the order of " + std::string(name) + " names " +
                     std::to_string(at) + " of " + std::to_string(all));
    out[static_cast<std::size_t>(i)] = chosen[static_cast<std::size_t>(at)];
  }
}

}  // namespace lyap::border
