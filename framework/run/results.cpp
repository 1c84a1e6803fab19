// framework/run/results.cpp - what an analysis gave: arrays with a meaning, and how they were made.
#include "run/results.hpp"

#include <functional>
#include <iterator>
#include <numeric>
#include <sstream>

namespace lyap::framework {

std::int64_t MeasuredArray::size() const {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

const std::string* MeasuredArray::note(std::string_view key) const {
  for (const auto& [name, text] : notes)
    if (name == key) return &text;
  return nullptr;
}

std::vector<std::string> MeasuredArray::words() const {
  const std::string* meanings = note("flag_meanings");
  std::istringstream text(meanings ? *meanings : "");
  return {std::istream_iterator<std::string>(text), {}};
}

const MeasuredArray* Measurement::find(const std::string& port) const {
  for (const MeasuredArray& array : arrays)
    if (array.port == port) return &array;
  return nullptr;
}

}  // namespace lyap::framework
