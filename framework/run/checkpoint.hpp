// framework/run/checkpoint.hpp - weights and trainer memory in safetensors files.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "data/safetensors.hpp"
#include "model/weights.hpp"

namespace lyap::framework {

/// Adds the weights to a file, each name behind `prefix`, in the dtype they have.
void put_weights(TensorFile& file, const Weights& weights, const std::string& prefix = "");

/// Fills `weights` from the tensors whose names begin with `prefix`; `path` begins the sentence of
/// an InputError (missing, unknown, wrong shape, not finite).
void get_weights(Weights& weights, const TensorFile& file, const std::filesystem::path& path,
                 const std::string& prefix = "");

/// Named matrices that a trainer keeps between batches and a checkpoint between runs: moments of an
/// optimiser, counters. Addresses stay.
class Slots {
 public:
  /// The matrix of that name, zero when it is new. Error: it exists with another shape or dtype.
  lyap_matrix get(const std::string& name, std::int64_t rows, std::int64_t cols,
                  std::int32_t dtype);

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
  std::map<std::string, Slot> slots_;
};

}  // namespace lyap::framework
