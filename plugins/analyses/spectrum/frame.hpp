// spectrum/frame.hpp - the tangent vectors of one run and how much they have grown.
#pragma once
#include <lyap/lyap.hpp>
#include <numeric>
#include <vector>

#include "aligned_lines.hpp"
#include "growth.hpp"

namespace lyap::spectrum {

/// How the tangent vectors Z (n x k) are kept: as they are, or as the factors of a row-pivoted LU,
/// whose L with its rows where they were is Z.
enum class Form { Dense, Factored };

/// Since the measurement began, J_t .. J_1 Q_0 = Z U with U upper triangular; only ln|diag U| is
/// kept.
struct Frame {
  Matrix Z;                      ///< n x k, the first columns() of them in use
  analyses::AlignedLines lines;  ///< the same by rows, for who keeps them so; then Z is empty
  Form form = Form::Dense;
  std::vector<std::int64_t> rows;  ///< Factored: row i of L is row rows[i] of Z
  std::vector<Index> alive;        ///< the exponent each column belongs to
  std::vector<Growth> growth;      ///< k: ln|diag U|, nats; -inf: dead
  Vector baseline;                 ///< k: ln diag R of Z when the measurement began
  Index pending = 0;               ///< Jacobians multiplied in since the last renormalisation
  bool with_determinant = false;   ///< sum ln|det J| too
  Growth determinant;              ///< ln|det J|, nats

  Frame(const Matrix& first, bool by_rows)
      : Z(by_rows ? Matrix() : first),
        lines(by_rows ? first.rows() : 0, first.cols()),
        rows(static_cast<std::size_t>(first.rows())),
        alive(static_cast<std::size_t>(first.cols())),
        growth(static_cast<std::size_t>(first.cols())),
        baseline(Vector::Zero(first.cols())) {
    if (by_rows) lines.rows() = first;
    std::iota(alive.begin(), alive.end(), Index{0});
  }
  Index columns() const { return static_cast<Index>(alive.size()); }
  Growth& growth_of(Index exponent) { return growth[static_cast<std::size_t>(exponent)]; }
};

}  // namespace lyap::spectrum
