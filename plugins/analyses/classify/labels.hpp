// classify/labels.hpp - which networks are accurate, the positive class.
#pragma once
#include <algorithm>
#include <cmath>
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "grid.hpp"
#include "networks.hpp"
#include "settings.hpp"

namespace lyap::classify {

using analyses::missing;

/// Mean of the two middle ones when their number is even; missing of none.
inline double median_of(std::vector<double> values) {
  if (values.empty()) return missing;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2) return *middle;
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

struct Labels {
  double threshold = missing;
  Vector positive;  ///< 1: target strictly below the threshold, 0: not; missing: left out
};

/// BadOption: no target to take a median of.
inline Labels labels_of(const Networks& t, const Settings& s) {
  std::vector<double> targets;
  for (Index i = 0; i < t.networks; ++i) {
    const double target = t.target[static_cast<std::size_t>(i)];
    const bool asked = !s.median_of_train || t.of(i) == Part::Train;
    if (std::isfinite(target) && asked) targets.push_back(target);
  }
  if (targets.empty() && !s.threshold)
    throw BadOption(std::string("no network") + (s.median_of_train ? " of the training part" : "") +
                    " has a finite target, so there is no median; say `label: NUMBER`");
  Labels labels;
  labels.threshold = s.threshold ? *s.threshold : median_of(targets);
  labels.positive = Vector::Constant(t.networks, missing);
  for (Index i = 0; i < t.networks; ++i)
    if (t.counted(i))
      labels.positive[i] = t.target[static_cast<std::size_t>(i)] < labels.threshold ? 1 : 0;
  return labels;
}

}  // namespace lyap::classify
