// classify/cells.hpp - space cut at the medians of its first d components: a majority in each of
// the 2^d cells.
#pragma once
#include <cstdint>
#include <lyap/lyap.hpp>
#include <unordered_map>
#include <vector>

#include "labels.hpp"
#include "networks.hpp"
#include "scalars.hpp"

namespace lyap::classify {

class Cells {
 public:
  /// Medians and majorities of the training rows, all checkpoints together.
  Cells(const Rule& rule, const Networks& t, const Labels& labels, const std::vector<Row>& training,
        Index seed)
      : medians_(rule.dimension) {
    const Features& f = *t.features[rule.port];
    for (Index d = 0; d < rule.dimension; ++d) {
      std::vector<double> column;
      for (const Row& row : training)
        column.push_back(f.at(seed, row.network, row.checkpoint)[static_cast<std::size_t>(d)]);
      medians_[d] = median_of(std::move(column));
    }
    for (const Row& row : training)
      majority_[cell_of(f.at(seed, row.network, row.checkpoint))] +=
          labels.positive[row.network] == 1 ? 1 : -1;
  }

  /// More accurate networks than others have been in its cell: not in an empty one, nor at a tie.
  bool accurate(std::span<const double> x) const {
    const auto found = majority_.find(cell_of(x));
    return found != majority_.end() && found->second > 0;
  }

 private:
  /// Bit d: component d lies strictly above its median.
  std::uint64_t cell_of(std::span<const double> x) const {
    std::uint64_t cell = 0;
    for (Index d = 0; d < medians_.size(); ++d)
      if (x[static_cast<std::size_t>(d)] > medians_[d]) cell |= std::uint64_t{1} << d;
    return cell;
  }
  Vector medians_;
  std::unordered_map<std::uint64_t, Index> majority_;  ///< accurate ones minus the others
};

}  // namespace lyap::classify
