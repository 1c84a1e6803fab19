// framework/run/results.cpp - what an analysis gave: arrays with a meaning, and how they were made.
#include "run/results.hpp"

#include <functional>
#include <numeric>

namespace lyap::framework {

std::int64_t MeasuredArray::size() const {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

const MeasuredArray* Measurement::find(const std::string& port) const {
  for (const MeasuredArray& array : arrays)
    if (array.port == port) return &array;
  return nullptr;
}

}  // namespace lyap::framework
