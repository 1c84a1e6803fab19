// framework/model/pass_weights.cpp - how the weights move the state of one step.
#include "model/pass.hpp"
#include "model/plugin_call.hpp"

namespace lyap::framework {
namespace {

struct Scratch {
  Buffer bar, input_bar[2];
};
thread_local Scratch scratch;

}  // namespace

void Pass::pull_weights(std::int64_t t, lyap_const_matrix u, const lyap_matrix* weight_bars) const {
  lyap_const_matrix from_above{};
  for (std::size_t l = layers_.size(); l-- > 0;) {
    const CellHandle& cell = network_.cell(l);
    const lyap_matrix* of_layer = weight_bars + network_.first_weight(l);
    const lyap_matrix bar = scratch.bar.reshape(request_.dtype, cell.shape().state, batch());
    network_.order().gather(LYAP_FULL_STATE, l, u, bar);
    if (t == 0) {
      if (cell.ops().start_pull && at_own_start())
        call_plugin(cell.who(), cell.ops().start_pull, cell.get(), weights_of(l), read_only(bar),
                    of_layer);
      continue;
    }
    if (from_above.data)
      add_shown_bar(l, columns_of(states(l), t * batch(), batch()), from_above, bar, of_layer);
    const lyap_matrix input_bar =
        scratch.input_bar[l % 2].reshape(request_.dtype, cell.shape().inputs, batch());
    layers_[l].tape->pull({t - 1, 0, batch()}, read_only(bar), {},
                          l > 0 ? input_bar : lyap_matrix{}, of_layer);
    if (l > 0) from_above = read_only(input_bar);
  }
}

}  // namespace lyap::framework
