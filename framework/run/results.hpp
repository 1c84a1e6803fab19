// framework/run/results.hpp - what an analysis gave: arrays with a meaning, and how they were made.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/quantity.hpp"
#include "data/safetensors.hpp"

namespace lyap::framework {

/// One result port, filled: doubles with the last axis fastest, NaN = missing.
struct MeasuredArray {
  std::string port, doc;
  std::string group;  ///< of its file: the measure's name
  Quantity quantity;
  std::vector<std::int64_t> shape;
  std::vector<double> values;                              ///< none while they are in `field`
  std::vector<std::pair<std::string, std::string>> notes;  ///< key, value; said about this port
  std::filesystem::path field;  ///< the file that holds it, as group/port, when it came in pieces

  /// How many numbers the shape has room for.
  std::int64_t size() const;
  /// The note under this key, or null.
  const std::string* note(std::string_view key) const;
  /// The words of the codes 0, 1, ... that stand in `values`, as the CF convention's attribute
  /// "flag_meanings" has them; none for plain numbers.
  std::vector<std::string> words() const;
};

/// One run of one analysis on one checkpoint.
struct Measurement {
  std::string name, analysis;  ///< `as` and `use` of the pipeline
  std::string checkpoint;      ///< "epoch 3", "final", "given"
  std::int64_t epoch = -1;     ///< the checkpoint's epoch; -1 when the weights were given
  std::vector<MeasuredArray> arrays;
  std::vector<std::pair<std::string, std::string>> notes;  ///< said about the whole measurement
  std::map<std::string, TensorFile> files;                 ///< by name, without ".safetensors"
  double seconds = 0;

  const MeasuredArray* find(const std::string& port) const;
};

}  // namespace lyap::framework
