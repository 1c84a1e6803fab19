// embed/embedding.hpp - from rows of a table to its results and back to their places.
#pragma once
#include <lyap/lyap.hpp>
#include <vector>

#include "embed/components.hpp"
#include "grid.hpp"

namespace lyap::embed {

/// Rows of one seed whose numbers are all finite: which, and (rows x columns) what.
struct Rows {
  std::vector<Index> which;  ///< network * checkpoints + checkpoint
  Matrix values;

  template <class Wanted>
  Rows(const analyses::Grid& table, Index seed, Wanted&& wanted) {
    const Index networks = table.shape[1], checkpoints = table.shape[2], columns = table.shape[3];
    const auto vector = [&](Index row) {
      const auto numbers = table.row(seed, row / checkpoints, row % checkpoints);
      return Eigen::Map<const Vector>(numbers.data(), columns);
    };
    for (Index row = 0; row < networks * checkpoints; ++row)
      if (wanted(row / checkpoints) && vector(row).allFinite()) which.push_back(row);
    values.resize(static_cast<Index>(which.size()), columns);
    for (Index i = 0; i < values.rows(); ++i)
      values.row(i) = vector(which[static_cast<std::size_t>(i)]).transpose();
  }
};

/// The results of all seeds.
class Embedding {
 public:
  Embedding(const analyses::Grid& table, Index components)
      : checkpoints_(table.shape[2]),
        coordinate_({table.shape[0], table.shape[1], checkpoints_, components}),
        axis_({table.shape[0], components, table.shape[3]}),
        mean_({table.shape[0], table.shape[3]}),
        explained_({table.shape[0], components}),
        explained_by_(components, table.shape[0]) {}

  /// points: rows x components, of the rows `which`; fractions: of the variance along each axis.
  void put(Index seed, const std::vector<Index>& which, const Matrix& points, const Axes& axes,
           const Vector& fractions) {
    for (Index i = 0; i < points.rows(); ++i) {
      const Index row = which[static_cast<std::size_t>(i)];
      for (Index c = 0; c < points.cols(); ++c)
        coordinate_(seed, row / checkpoints_, row % checkpoints_, c) = points(i, c);
    }
    for (Index c = 0; c < points.cols(); ++c) {
      explained_(seed, c) = fractions[c];
      for (Index i = 0; i < axes.mean.size(); ++i) axis_(seed, c, i) = axes.directions(i, c);
    }
    for (Index i = 0; i < axes.mean.size(); ++i) mean_(seed, i) = axes.mean[i];
    explained_by_.col(seed) = fractions;
  }

  void give(Context& context) const {
    coordinate_.give(context, "coordinate");
    axis_.give(context, "axis");
    mean_.give(context, "mean");
    explained_.give(context, "explained");
  }
  const Matrix& explained_by() const { return explained_by_; }  ///< components x seeds

 private:
  Index checkpoints_;
  analyses::Grid coordinate_, axis_, mean_, explained_;
  Matrix explained_by_;
};

}  // namespace lyap::embed
