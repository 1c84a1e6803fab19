// embed/components.hpp - principal components of rows of numbers.
#pragma once
#include <algorithm>
#include <cmath>
#include <lyap/lyap.hpp>
#include <string>
#include <utility>

#include "finite_means.hpp"

namespace lyap::embed {

/// Where rows are projected from, and along what.
struct Axes {
  Vector mean;        ///< columns of the table
  Matrix directions;  ///< columns of the table x components, orthonormal
};

/// An axis and its opposite serve alike: the largest loading is made positive, the first of equals.
inline void fix_signs(Matrix& directions) {
  for (Index c = 0; c < directions.cols(); ++c) {
    Index largest = 0;
    directions.col(c).cwiseAbs().maxCoeff(&largest);
    if (directions(largest, c) < 0) directions.col(c) *= -1;
  }
}

/// X - 1 mean^T = U S V^T, axes are the first columns of V. rows: rows x columns.
inline Axes axes_of(const Matrix& rows, Index components, const Host& host) {
  const Index rank = std::min(rows.rows(), rows.cols());
  if (components > rank)
    throw BadOption("`components` asks for " + std::to_string(components) + ", but " +
                    std::to_string(rows.rows()) + " rows of " + std::to_string(rows.cols()) +
                    " columns have " + std::to_string(rank) + " at most; lower it");
  Axes axes{rows.colwise().mean().transpose(), {}};
  Matrix centred = rows.rowwise() - axes.mean.transpose();
  if (rows.rows() > rows.cols()) {  // of many rows R alone, which has the same S and V
    Matrix diagonal(rank, 1), R(rank, rank);
    host.qr(centred, diagonal, R);
    centred = std::move(R);
  }
  Matrix S(rank, 1), U(centred.rows(), rank), Vt(rank, rows.cols());
  host.svd(centred, S, U, Vt);
  axes.directions = Vt.topRows(components).transpose();
  fix_signs(axes.directions);
  return axes;
}

/// rows x components.
inline Matrix project(const Matrix& rows, const Axes& axes, bool center) {
  if (!center) return rows * axes.directions;
  return (rows.rowwise() - axes.mean.transpose()) * axes.directions;
}

/// Fraction of these rows' variance that lies along each axis; missing when they are all the same.
inline Vector explained(const Matrix& rows, const Axes& axes) {
  const Matrix centred = rows.rowwise() - rows.colwise().mean();
  const double all = centred.squaredNorm();
  if (all == 0) return Vector::Constant(axes.directions.cols(), analyses::missing);
  return (centred * axes.directions).colwise().squaredNorm().transpose() / all;
}

}  // namespace lyap::embed
