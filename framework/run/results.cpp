// framework/run/results.cpp - what an analysis gave: arrays with a meaning, and how they were made.
#include "run/results.hpp"

namespace lyap::framework {

const MeasuredArray* Measurement::find(const std::string& port) const {
  for (const MeasuredArray& array : arrays)
    if (array.port == port) return &array;
  return nullptr;
}

}  // namespace lyap::framework
