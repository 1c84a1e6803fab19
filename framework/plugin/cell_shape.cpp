// framework/plugin/cell_shape.cpp - does what a cell says about its extents fit together?
#include "plugin/cell_shape.hpp"

#include <fmt/format.h>

#include <set>

namespace lyap::framework::checks {
namespace {

std::string block_mistake(const lyap_cell_shape& shape) {
  if (shape.block_count == 0 || shape.block_count > 64 || !shape.blocks)
    return fmt::format("it has {} blocks; 1 to 64 are possible", shape.block_count);
  std::int64_t rows = 0;
  std::set<std::string> names;
  for (std::uint32_t i = 0; i < shape.block_count; ++i) {
    const lyap_block& block = shape.blocks[i];
    if (block.rows <= 0) return fmt::format("block {} has {} rows", i, block.rows);
    if (!block.name || !*block.name || !names.insert(block.name).second)
      return fmt::format("block {} has no name, or that of another", i);
    rows += block.rows;
  }
  if (rows != shape.state)
    return fmt::format("its blocks have {} rows together and its state {}", rows, shape.state);
  return "";
}

std::string output_mistake(const lyap_cell_ops& ops, const lyap_cell_shape& shape) {
  if (shape.output_block >= shape.block_count)
    return fmt::format("its output is block {} of {}", shape.output_block, shape.block_count);
  if (shape.outputs <= 0) return "it has no outputs";
  const std::int64_t rows = shape.blocks[shape.output_block].rows;
  if (!ops.output && shape.outputs != rows)
    return fmt::format("it has {} outputs and its output block {} rows", shape.outputs, rows);
  return "";
}

std::string derivative_mistake(const lyap_cell_ops& ops, const lyap_cell_shape& shape) {
  const bool by_itself = shape.derivative == LYAP_AUTOMATIC || shape.derivative == LYAP_ANALYTIC;
  if (!by_itself && shape.derivative != LYAP_BY_DIFFERENCES)
    return fmt::format("its derivative {} is none of abi.h", shape.derivative);
  if (by_itself != (ops.push != nullptr))
    return "it says its derivatives are its own and has no push, or the reverse";
  return "";
}

}  // namespace

std::string shape_mistake(const lyap_cell_ops& ops, const lyap_cell_shape* shape) {
  if (!shape) return "it has no shape";
  if (shape->size != sizeof(lyap_cell_shape))
    return fmt::format("lyap_cell_shape says it has {} bytes instead of {}", shape->size,
                       sizeof(lyap_cell_shape));
  if (shape->inputs < 0 || shape->normal < 0 || shape->uniform < 0)
    return "a number of rows is negative";
  if (shape->weight_count > 0 && !shape->weights) return "it announces weights and gives none";
  std::string mistake = block_mistake(*shape);
  if (mistake.empty()) mistake = output_mistake(ops, *shape);
  if (mistake.empty()) mistake = derivative_mistake(ops, *shape);
  return mistake;
}

}  // namespace lyap::framework::checks
