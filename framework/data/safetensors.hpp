// framework/data/safetensors.hpp - named tensors in a safetensors file, as PyTorch users keep
// weights.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace lyap::framework {

/// One tensor as it is stored: little-endian elements, last index fastest.
struct Tensor {
  std::string dtype;  ///< F64 F32 F16 BF16 I64 I32 U8 BOOL
  std::vector<std::int64_t> shape;
  std::vector<std::byte> bytes;

  static Tensor of(std::vector<std::int64_t> shape, std::span<const double> values);
  static Tensor of(std::vector<std::int64_t> shape, std::span<const float> values);
  static Tensor of(std::vector<std::int64_t> shape, std::span<const std::int64_t> values);

  /// Product of the shape; 1 for a single number.
  std::int64_t count() const;
  /// Element `index` in storage order; integers beyond 2^53 are rounded.
  double at(std::int64_t index) const;
  std::vector<double> to_doubles() const;
  /// Error when the elements are not integers (I64, I32, U8, BOOL).
  std::vector<std::int64_t> to_integers() const;
};

struct TensorFile {
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> metadata;

  /// InputError when there is no such tensor; `path` is what the sentence calls the file.
  const Tensor& tensor(const std::string& name, const std::filesystem::path& path) const;
};

/// Reads and checks all of it.  InputError names the file and the tensor: not a safetensors file,
/// cut short, bad header, offsets that overlap, leave a gap or disagree with the shape, unknown
/// dtype, a name given twice.  Format: github.com/huggingface/safetensors, "Format".
TensorFile read_safetensors(const std::filesystem::path& path);

/// The same contents give the same bytes; wide elements first so that all are aligned; written
/// atomically, errors as AtomicFile.
void write_safetensors(const std::filesystem::path& path, const TensorFile& file);

}  // namespace lyap::framework
