// framework/model/weights.hpp - the named parameter tensors of a network.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linalg/matrix.hpp"
#include "lyap/abi.h"

namespace lyap::framework {

struct WeightShape {
  std::string name;  ///< "cell.weight_hh_l0", "readout.bias"
  std::string init;  ///< default initialiser
  std::int64_t rows = 0, cols = 0;
  bool trainable = true;
  bool live = false;  ///< LYAP_LIVE
};

/// A tensor as checkpoints keep it: last index fastest, vectors with one dimension.
struct NamedTensor {
  std::string name;
  std::int32_t dtype = LYAP_F64;
  std::vector<std::int64_t> shape;
  std::vector<double> values;
};

/// Tensors in a fixed order, all float32 or all float64; also gradients, which have the same
/// shapes. Their addresses stay for the lifetime of the object, moves included.
class Weights {
 public:
  Weights() = default;
  /// All zero.
  Weights(std::vector<WeightShape> shapes, std::int32_t dtype);
  Weights(const Weights& other);
  Weights& operator=(const Weights& other);
  Weights(Weights&&) = default;
  Weights& operator=(Weights&&) = default;

  std::int32_t dtype() const { return dtype_; }
  std::size_t size() const { return shapes_.size(); }
  const WeightShape& shape(std::size_t index) const { return shapes_[index]; }
  std::optional<std::size_t> find(std::string_view name) const;

  const lyap_matrix& operator[](std::size_t index) { return views_[index]; }
  lyap_const_matrix operator[](std::size_t index) const { return const_views_[index]; }
  /// All of them, in order, as the border wants them.
  const lyap_matrix* data() { return views_.data(); }
  const lyap_const_matrix* data() const { return const_views_.data(); }

  Weights as(std::int32_t dtype) const;
  void set_zero();
  /// NumericError names the first tensor with a NaN or an infinity; `who` begins the sentence.
  void require_finite(const std::string& who) const;

  std::vector<NamedTensor> tensors() const;
  /// Takes over all values.  InputError, begun with `place`: a tensor is missing, unknown (with the
  /// nearest name), has another shape, or is not finite.
  void assign(const std::vector<NamedTensor>& tensors, const std::string& place);
  /// Takes over the values of one.  InputError as above.
  void assign(std::size_t index, const NamedTensor& tensor, const std::string& place);

 private:
  std::vector<WeightShape> shapes_;
  std::int32_t dtype_ = LYAP_F64;
  std::vector<Buffer> buffers_;
  std::vector<lyap_matrix> views_;
  std::vector<lyap_const_matrix> const_views_;
};

}  // namespace lyap::framework
