// perturbation/array.hpp - numbers with several axes, the last one fastest, as results are given.
#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <lyap/views.hpp>
#include <vector>

namespace lyap::perturbation {

inline constexpr double missing = std::numeric_limits<double>::quiet_NaN();

struct Array {
  std::vector<std::int64_t> shape;
  std::vector<double> values;

  Array() = default;
  explicit Array(std::vector<std::int64_t> extents) : shape(std::move(extents)) {
    std::int64_t size = 1;
    for (const std::int64_t extent : shape) size *= extent;
    values.assign(static_cast<std::size_t>(size), missing);
  }
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

}  // namespace lyap::perturbation
