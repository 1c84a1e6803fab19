// framework/run/checkpoint.cpp - networks and trainer memory in safetensors files.
#include "run/checkpoint.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"

namespace lyap::framework {
namespace {

constexpr const char* carried_state = "carried.state";
constexpr const char* carried_input = "carried.input";

void put_numbers(TensorFile& file, const std::string& name, const std::vector<double>& numbers) {
  if (!numbers.empty())
    file.tensors[name] = Tensor::of({static_cast<std::int64_t>(numbers.size())}, numbers);
}

std::vector<double> get_numbers(const TensorFile& file, const std::string& name) {
  const auto found = file.tensors.find(name);
  return found == file.tensors.end() ? std::vector<double>{} : found->second.to_doubles();
}

}  // namespace

void put_snapshot(TensorFile& file, const Snapshot& snapshot, const std::string& prefix) {
  put_numbers(file, prefix + carried_state, snapshot.carried.state);
  put_numbers(file, prefix + carried_input, snapshot.carried.input);
  for (const NamedTensor& tensor : snapshot.weights.tensors()) {
    if (tensor.dtype == LYAP_F32) {
      const std::vector<float> narrow(tensor.values.begin(), tensor.values.end());
      file.tensors[prefix + tensor.name] = Tensor::of(tensor.shape, narrow);
    } else {
      file.tensors[prefix + tensor.name] = Tensor::of(tensor.shape, tensor.values);
    }
  }
}

void get_snapshot(Snapshot& snapshot, const TensorFile& file, const std::filesystem::path& path,
                  const std::string& prefix) {
  std::vector<NamedTensor> tensors;
  for (const auto& [name, tensor] : file.tensors)
    if (name.starts_with(prefix) && name != prefix + carried_state &&
        name != prefix + carried_input)
      tensors.push_back({name.substr(prefix.size()), LYAP_F64, tensor.shape, tensor.to_doubles()});
  snapshot.weights.assign(tensors, path.string());
  snapshot.carried = get_carried(file, prefix);
}

Carried get_carried(const TensorFile& file, const std::string& prefix) {
  return {get_numbers(file, prefix + carried_state), get_numbers(file, prefix + carried_input)};
}

lyap_matrix Slots::get(const std::string& name, std::int64_t rows, std::int64_t cols,
                       std::int32_t dtype) {
  const auto [at, is_new] = slots_.try_emplace(name);
  Slot& slot = at->second;
  if (is_new) {
    const std::int64_t width = dtype == LYAP_F32 ? sizeof(float) : sizeof(double);
    slot = {rows, cols, dtype,
            std::vector<std::byte>(static_cast<std::size_t>(rows * cols * width))};
  }
  if (slot.rows != rows || slot.cols != cols || slot.dtype != dtype)
    throw Error("the trainer's memory '" + name +
                "' has another shape in the checkpoint; it was written with other options");
  return {slot.bytes.data(), rows, cols, rows, dtype, 0};
}

Carried Slots::carried() const {
  return {numbers(carried_state), numbers(carried_input)};
}

std::vector<double> Slots::numbers(const std::string& name) const {
  const auto found = slots_.find(name);
  if (found == slots_.end() || found->second.dtype != LYAP_F64) return {};
  std::vector<double> numbers(found->second.bytes.size() / sizeof(double));
  std::memcpy(numbers.data(), found->second.bytes.data(), found->second.bytes.size());
  return numbers;
}

// A column-major rows x cols matrix is, last index fastest, a [cols, rows] tensor: stored as such,
// no number moves.
void Slots::put(TensorFile& file, const std::string& prefix) const {
  for (const auto& [name, slot] : slots_)
    file.tensors[prefix + name] = {
        slot.dtype == LYAP_F32 ? "F32" : "F64", {slot.cols, slot.rows}, slot.bytes};
}

void Slots::take(const TensorFile& file, const std::filesystem::path& path,
                 const std::string& prefix) {
  for (const auto& [name, tensor] : file.tensors) {
    if (!name.starts_with(prefix)) continue;
    if (tensor.shape.size() != 2 || (tensor.dtype != "F32" && tensor.dtype != "F64"))
      throw InputError(path.string() + ": '" + name +
                       "' is no memory of a trainer (a matrix of F32 or F64); start the run anew "
                       "from its pipeline");
    slots_[name.substr(prefix.size())] = {tensor.shape[1], tensor.shape[0],
                                          tensor.dtype == "F32" ? LYAP_F32 : LYAP_F64,
                                          tensor.bytes};
  }
}

}  // namespace lyap::framework
