// tests/plugins/ode_cells.hpp - the cells that are steps of differential equations, with options.
#pragma once
#include <string_view>

#include "../../plugins/cells/asrnn.hpp"
#include "../../plugins/cells/cornn.hpp"
#include "../../plugins/cells/lem.hpp"
#include "../../plugins/cells/lipschitz.hpp"
#include "../../plugins/cells/noisy.hpp"
#include "../sdk/cell_trial.hpp"

namespace lyap::testing {

using Given = std::map<std::string, std::string>;

/// f.operator()<Cell>(options) for every cell in every form that it has equations for.
template <class F>
void for_every_ode_cell(F&& f) {
  using namespace cells;
  f.template operator()<Asrnn>(Given{{"epsilon", "0.3"}, {"gamma", "0.4"}});
  f.template operator()<Asrnn>(Given{{"variant", "gated"}, {"epsilon", "0.3"}, {"bias", "none"}});
  f.template operator()<Cornn>(Given{{"dt", "0.3"}});
  f.template operator()<Lipschitz>(Given{{"alpha", "1.3"}, {"gamma_a", "0.2"}});
  f.template operator()<Lipschitz>(Given{{"solver", "midpoint"}, {"product", "row"}});
  f.template operator()<Lipschitz>(Given{{"gated", "true"}, {"epsilon", "0.4"}});
  f.template operator()<Lipschitz>(Given{{"gated", "true"}, {"solver", "midpoint"}});
  f.template operator()<Noisy>(Given{{"additive", "0.3"}, {"multiplicative", "0.4"}});
  f.template operator()<Noisy>(Given{{"noise", "repository"}, {"multiplicative", "0.4"}});
  f.template operator()<Lem>(Given{{"dt", "0.8"}});
}

/// The trial's tensor of that name.
template <class C, Real T>
MatrixOf<T>& weight(Trial<C, T>& trial, std::string_view name) {
  for (std::uint32_t i = 0; i < trial.shape->weight_count; ++i)
    if (trial.shape->weights[i].name == name) return trial.weights[i];
  throw std::invalid_argument("the cell has no weight '" + std::string(name) + "'");
}

}  // namespace lyap::testing
