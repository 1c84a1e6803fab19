// framework/model/state_order.cpp - the state of a stack: by part, then by layer.
#include "model/state_order.hpp"

#include "linalg/matrix.hpp"

namespace lyap::framework {

StateOrder::StateOrder(std::vector<std::vector<std::int64_t>> rows)
    : rows_(std::move(rows)), places_(rows_.size()) {
  std::int64_t in_network = 0;
  std::vector<std::int64_t> in_layer(rows_.size(), 0);
  for (std::size_t part = 0; part < parts(); ++part)
    for (std::size_t layer = 0; layer < rows_.size(); ++layer) {
      const std::int64_t count = rows_[layer][part];
      places_[layer].push_back({in_layer[layer], in_network, count});
      in_layer[layer] += count;
      in_network += count;
    }
}

std::int64_t StateOrder::part_rows(std::size_t part) const {
  std::int64_t sum = 0;
  for (const auto& layer : rows_) sum += layer[part];
  return sum;
}

std::int64_t StateOrder::rows(std::int32_t scope, std::size_t layer) const {
  std::int64_t sum = 0;
  for (std::size_t part = 0; part < parts_of(scope); ++part) sum += rows_[layer][part];
  return sum;
}

std::int64_t StateOrder::rows(std::int32_t scope) const {
  std::int64_t sum = 0;
  for (std::size_t part = 0; part < parts_of(scope); ++part) sum += part_rows(part);
  return sum;
}

void StateOrder::gather(std::int32_t scope, std::size_t layer, lyap_const_matrix network,
                        lyap_matrix layer_state) const {
  for (std::size_t part = 0; part < parts(); ++part) {
    const Place& place = places_[layer][part];
    const lyap_matrix to = rows_of(layer_state, place.in_layer, place.rows);
    if (network.data && part < parts_of(scope))
      copy(rows_of(network, place.in_network, place.rows), to);
    else
      fill(to, 0.0);
  }
}

void StateOrder::scatter(std::int32_t scope, std::size_t layer, lyap_const_matrix layer_state,
                         lyap_matrix network) const {
  for (std::size_t part = 0; part < parts_of(scope); ++part) {
    const Place& place = places_[layer][part];
    copy(rows_of(layer_state, place.in_layer, place.rows),
         rows_of(network, place.in_network, place.rows));
  }
}

void StateOrder::scatter_columns(std::int32_t scope, std::size_t layer, std::size_t column_layer,
                                 lyap_const_matrix tangents, lyap_matrix network) const {
  for (std::size_t part = 0; part < parts_of(scope); ++part) {
    const Place& place = places_[column_layer][part];
    scatter(scope, layer, columns_of(tangents, place.in_layer, place.rows),
            columns_of(network, place.in_network, place.rows));
  }
}

}  // namespace lyap::framework
