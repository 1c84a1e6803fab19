// framework/model/cell.cpp - one cell of a plugin, with its options.
#include "model/cell.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "model/plugin_call.hpp"

namespace lyap::framework {
namespace {

/// A table of a plugin built against an older minor version is shorter: what it lacks is null.
template <class Table>
Table completed(const Table& table) {
  Table full{};
  std::memcpy(&full, &table, std::min<std::size_t>(table.size, sizeof full));
  return full;
}

}  // namespace

CellHandle::CellHandle(std::string_view id, const lyap_cell_ops& ops,
                       std::span<const lyap_value> values, std::int64_t inputs)
    : who_("cell '" + std::string(id) + "'"), ops_(completed(ops)) {
  cell_ = {create_by_plugin(who_, ops_.create, values.data(),
                            static_cast<std::uint32_t>(values.size()), inputs),
           ops_.destroy};
  shape_ = completed(*ops_.shape(cell_.get()));
  check_shape(inputs);
}

std::int32_t CellHandle::derivative() const {
  return ops_.push ? shape_.derivative : LYAP_BY_DIFFERENCES;
}

std::int64_t CellHandle::block_offset(std::uint32_t block) const {
  std::int64_t offset = 0;
  for (std::uint32_t i = 0; i < block; ++i) offset += shape_.blocks[i].rows;
  return offset;
}

void CellHandle::check_shape(std::int64_t inputs) const {
  const auto require = [&](bool truth, const std::string& otherwise) {
    if (!truth) throw InputError(who_ + ": " + otherwise + "; report this to its author");
  };
  require(shape_.inputs == inputs, "was made for " + std::to_string(inputs) +
                                       " inputs but declares " + std::to_string(shape_.inputs));
  require(shape_.block_count >= 1 && shape_.block_count <= 64,
          "a state has 1 to 64 blocks, not " + std::to_string(shape_.block_count));
  require(shape_.output_block < shape_.block_count, "the output block does not exist");
  for (std::uint32_t i = 0; i < shape_.block_count; ++i)
    require(shape_.blocks[i].rows > 0,
            std::string("block '") + shape_.blocks[i].name + "' has no rows");
  require(block_offset(shape_.block_count) == shape_.state,
          "the blocks do not add up to the state's " + std::to_string(shape_.state) + " rows");
  const bool map = ops_.output != nullptr;
  require(map == (ops_.output_push != nullptr) && map == (ops_.output_pull != nullptr),
          "output, output_push and output_pull must come together");
  require(map || shape_.outputs == shape_.blocks[shape_.output_block].rows,
          "the output block does not have " + std::to_string(shape_.outputs) + " rows");
  for (std::uint32_t i = 0; i < shape_.weight_count; ++i)
    require(shape_.weights[i].rows > 0 && shape_.weights[i].cols > 0,
            std::string("weight '") + shape_.weights[i].name + "' is empty");
}

}  // namespace lyap::framework
