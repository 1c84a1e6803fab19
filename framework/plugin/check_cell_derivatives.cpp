// framework/plugin/check_cell_derivatives.cpp - conformance of a cell's tangents: push, pull,
// jacobian.
#include <algorithm>
#include <numeric>

#include "plugin/cell_trial.hpp"

namespace lyap::framework::checks {
namespace {

constexpr Index batch = 3, steps = 2, tangents = 3, last = steps - 1;

void require_push(const MadeCell& cell) {
  if (!cell.ops().push) throw CheckSkipped{"it has no push; the kernel takes differences"};
}

// The columns of every k-th tangent of all samples: sample b owns columns b*k .. b*k+k-1.
template <Real T>
MatrixOf<T> tangent(const MatrixOf<T>& all, Index j) {
  MatrixOf<T> one(all.rows(), batch);
  for (Index b = 0; b < batch; ++b) one.col(b) = all.col(b * tangents + j);
  return one;
}

// (f(x + h dx, s + h ds) - f(x - h dx, s - h ds)) / 2h at the setting's last step.
MatrixOf<double> central_difference(const MadeCell& cell, const Setting<double>& setting,
                                    const Matrix& state, const Matrix& ds, const Matrix& dx) {
  const double h = difference_step;
  const auto moved = [&](double by) {
    Setting<double> there = setting;
    there.input.rightCols(batch) += by * dx;
    OpenTape<double> tape(cell, there);
    return tape.run(there, last, 1, state + by * ds);
  };
  return (moved(h) - moved(-h)) / (2 * h);
}

// A tape with all steps run, and tangents for its last one.
template <Real T>
struct Prepared {
  explicit Prepared(const MadeCell& cell)
      : setting(setting_for<T>(cell, batch, steps)),
        tape(cell, setting),
        states(tape.run(setting)),
        v(random_matrix<T>(cell, "state tangent", cell.shape().state, batch * tangents)),
        w(random_matrix<T>(cell, "input tangent", cell.shape().inputs, batch * tangents)) {}

  MatrixOf<T> pushed() const { return tape.push({last, 0, batch}, v, w); }

  Setting<T> setting;
  OpenTape<T> tape;
  MatrixOf<T> states, v, w;
};

// A part of the samples is the part of the whole; input_bars and tangents that are absent are zero.
template <Real T>
double compare_parts(const Prepared<T>& at, const MatrixOf<T>& pushed) {
  const MatrixOf<T> part = at.tape.push({last, 1, 2}, at.v.middleCols(tangents, 2 * tangents),
                                        at.w.middleCols(tangents, 2 * tangents));
  double worst = compare("push of samples 1 and 2, and of all,", part,
                         MatrixOf<T>(pushed.middleCols(tangents, 2 * tangents)), rounding<T>);
  const MatrixOf<T> by_state = at.tape.push({last, 0, batch}, at.v, {});
  if (at.w.size() == 0) return worst;
  const MatrixOf<T> by_input = at.tape.push({last, 0, batch}, {}, at.w);
  return std::max(worst, compare("push of both tangents and the sum of each alone",
                                 MatrixOf<T>(by_state + by_input), pushed, rounding<T>));
}

}  // namespace

std::string push_vs_differences(const CheckSubject& subject) {
  const MadeCell cell(subject);
  require_push(cell);
  const Prepared<double> wide(cell);
  const Matrix pushed = wide.pushed();
  const Matrix before = wide.states.leftCols(batch);
  return in_both_precisions([&](auto zero) {
    using T = decltype(zero);
    if constexpr (std::same_as<T, double>) {
      double worst = compare_parts(wide, pushed);
      for (Index j = 0; j < tangents; ++j)
        worst = std::max(
            worst, compare(fmt::format("push and differences of tangent {}", j), tangent(pushed, j),
                           central_difference(cell, wide.setting, before, tangent(wide.v, j),
                                              tangent(wide.w, j)),
                           differencing));
      return worst;
    } else {
      // Differences are worth little in float32; float64 has been compared with them.
      const Prepared<float> narrow(cell);
      const MatrixOf<float> out = narrow.pushed();
      return std::max(compare_parts(narrow, out),
                      compare("push and that of float64", out,
                              MatrixOf<float>(pushed.cast<float>()), rounding<float>));
    }
  });
}

std::string pull_is_transpose(const CheckSubject& subject) {
  const MadeCell cell(subject);
  require_push(cell);
  if (!cell.ops().pull) throw CheckSkipped{"it has no pull; it cannot be trained"};
  return in_both_precisions([&](auto zero) {
    using T = decltype(zero);
    const Prepared<T> at(cell);
    const MatrixOf<T> pushed = at.pushed();
    const MatrixOf<T> u = random_matrix<T>(cell, "adjoint", cell.shape().state, batch * tangents);
    const Adjoint<T> pulled = at.tape.pull({last, 0, batch}, u);
    // Row j: <u_j, J v_j + K w_j> beside <J^T u_j, v_j> + <K^T u_j, w_j>, over the size of both.
    MatrixOf<T> forward(u.cols(), 1), backward(u.cols(), 1);
    for (Index j = 0; j < u.cols(); ++j) {
      const T size = u.col(j).norm() * pushed.col(j).norm() + 1;
      forward(j, 0) = u.col(j).dot(pushed.col(j)) / size;
      backward(j, 0) =
          (pulled.state.col(j).dot(at.v.col(j)) + pulled.input.col(j).dot(at.w.col(j))) / size;
    }
    return compare("the dot products of push and pull", forward, backward, rounding<T>);
  });
}

std::string jacobian_is_push(const CheckSubject& subject) {
  const MadeCell cell(subject);
  require_push(cell);
  if (!cell.ops().jacobian)
    throw CheckSkipped{"it has no jacobian; the kernel pushes the identity"};
  const lyap_cell_shape& shape = cell.shape();
  return in_both_precisions([&](auto zero) {
    using T = decltype(zero);
    const Prepared<T> at(cell);
    const Index n = shape.state, sample = 1;
    const MatrixOf<T> J = at.tape.push({last, sample, 1}, MatrixOf<T>::Identity(n, n), {});
    double worst = compare("jacobian and push of the identity",
                           at.tape.jacobian({last, sample, ~0ull, ~0ull, nullptr, nullptr}, n, n),
                           J, rounding<T>);

    std::vector<std::int64_t> rows(static_cast<std::size_t>(n)), cols(rows);
    std::iota(rows.rbegin(), rows.rend(), 0);
    std::iota(cols.begin(), cols.end(), 0);
    std::rotate(cols.begin(), cols.begin() + cols.size() / 2, cols.end());
    MatrixOf<T> reordered(n, n);
    for (Index j = 0; j < n; ++j)
      for (Index i = 0; i < n; ++i)
        reordered(i, j) = J(rows[static_cast<std::size_t>(i)], cols[static_cast<std::size_t>(j)]);
    worst = std::max(
        worst,
        compare("jacobian in other orders and push of the identity",
                at.tape.jacobian({last, sample, ~0ull, ~0ull, rows.data(), cols.data()}, n, n),
                reordered, rounding<T>));

    Index row = 0;
    for (std::uint32_t r = 0; r < shape.block_count; row += shape.blocks[r++].rows) {
      Index col = 0;
      for (std::uint32_t c = 0; c < shape.block_count; col += shape.blocks[c++].rows) {
        const Index height = shape.blocks[r].rows, width = shape.blocks[c].rows;
        const lyap_block_request block{last, sample, 1ull << r, 1ull << c, nullptr, nullptr};
        worst =
            std::max(worst, compare(fmt::format("block {} by {} of jacobian and of push", r, c),
                                    at.tape.jacobian(block, height, width),
                                    MatrixOf<T>(J.block(row, col, height, width)), rounding<T>));
      }
    }
    return worst;
  });
}

}  // namespace lyap::framework::checks
