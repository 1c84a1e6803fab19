// framework/report/quantiles.hpp - where numbers lie: quantiles, parts, the best boundary.
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "report/chart.hpp"

namespace lyap::framework {

/// Between the two nearest of sorted numbers; NaN of none.
double quantile(const std::vector<double>& sorted, double share);
/// Of the finite ones.
double median_of(std::vector<double> values);

/// Numbers as words: the numbers themselves when they are few, else that many parts of as many
/// numbers each.
class Parts {
 public:
  Parts(const std::string& title, std::vector<double> values, int parts);
  const std::vector<std::string>& names() const { return names_; }
  std::string name(double value) const;

 private:
  bool exact_ = false;
  std::vector<double> ends_;
  std::vector<std::string> names_;
};

/// Where along x those with a target below its median are told best from the others: the largest F1
/// of either side.
double best_boundary(const std::vector<double>& x, const std::vector<double>& target);

/// Values by panel and x; sorted where they stand.
using Spread = std::map<std::pair<std::string, double>, std::vector<double>>;
/// Median, quartiles and outer tenths along x; the column "panel" tells panels.
Chart quantile_bands(Spread& spread, const std::string& y_title, const std::string& x_title);

}  // namespace lyap::framework
