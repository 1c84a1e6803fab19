// framework/run/checkpoint.hpp - networks and trainer memory in safetensors files.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "data/safetensors.hpp"
#include "model/model.hpp"

namespace lyap::framework {

/// A network at one moment of its training.
struct Snapshot {
  Weights weights;
  Carried carried;
};

/// Adds the weights to a file, in the dtype they have, and what is carried as "carried.state" and
/// "carried.input"; each name behind `prefix`.
void put_snapshot(TensorFile& file, const Snapshot& snapshot, const std::string& prefix = "");

/// Fills `snapshot` from the tensors whose names begin with `prefix`; `path` begins the sentence of
/// an InputError (a weight is missing, unknown, of the wrong shape, not finite).
void get_snapshot(Snapshot& snapshot, const TensorFile& file, const std::filesystem::path& path,
                  const std::string& prefix = "");

/// The numbers of "carried.state" and "carried.input" in a file, where it has them.
Carried get_carried(const TensorFile& file, const std::string& prefix = "");

/// Named matrices that a trainer keeps between batches and a checkpoint between runs: moments of an
/// optimiser, counters. Addresses stay.
class Slots {
 public:
  /// The matrix of that name, zero when it is new. Error: it exists with another shape or dtype.
  lyap_matrix get(const std::string& name, std::int64_t rows, std::int64_t cols,
                  std::int32_t dtype);

  /// What a trainer has put into "carried.state" and "carried.input".
  Carried carried() const;

  void put(TensorFile& file, const std::string& prefix) const;
  /// Takes over every tensor whose name begins with `prefix`. InputError: one is no matrix of
  /// float32 or float64; `path` begins the sentence.
  void take(const TensorFile& file, const std::filesystem::path& path, const std::string& prefix);

 private:
  struct Slot {
    std::int64_t rows = 0, cols = 0;
    std::int32_t dtype = 0;
    std::vector<std::byte> bytes;  // column-major
  };
  std::vector<double> numbers(const std::string& name) const;
  std::map<std::string, Slot> slots_;
};

}  // namespace lyap::framework
