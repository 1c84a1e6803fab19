// classify/array.hpp - numbers with several axes, the last one fastest, as results are given.
#pragma once
#include <cstdint>
#include <lyap/views.hpp>
#include <numeric>
#include <utility>
#include <vector>

#include "finite_means.hpp"

namespace lyap::classify {

using analyses::missing;

struct Array {
  std::vector<std::int64_t> shape;
  std::vector<double> values;

  explicit Array(std::vector<std::int64_t> extents)
      : shape(std::move(extents)),
        values(static_cast<std::size_t>(
                   std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies())),
               missing) {}

  template <class... Place>
  double& operator()(Place... place) {
    return values[at(place...)];
  }
  template <class... Place>
  double operator()(Place... place) const {
    return values[at(place...)];
  }

 private:
  template <class... Place>
  std::size_t at(Place... place) const {
    std::int64_t sum = 0;
    std::size_t axis = 0;
    ((sum = sum * shape[axis++] + static_cast<std::int64_t>(place)), ...);
    return static_cast<std::size_t>(sum);
  }
};

}  // namespace lyap::classify
