// framework/model/by_pushes.hpp - Jacobians and their transposes from tangents alone.
#pragma once
#include <functional>

#include "lyap/abi.h"
#include "model/cell.hpp"

namespace lyap::framework {

/// The asked block of one sample's Jacobian from `push` of unit vectors; out and request as in
/// lyap_cell_ops::jacobian.
void jacobian_by_pushes(const CellHandle& cell, const lyap_block_request& request, lyap_matrix out,
                        const std::function<void(lyap_const_matrix v, lyap_matrix out)>& push);

using PushAt =
    std::function<void(lyap_point, lyap_const_matrix v, lyap_const_matrix w, lyap_matrix out)>;
/// out_state = J^T bar, out_input = (ds'/dx)^T bar; k adjoints a sample; either may have no data.
void pull_by_pushes(const CellHandle& cell, lyap_point at, lyap_const_matrix bar,
                    lyap_matrix out_state, lyap_matrix out_input, const PushAt& push);

}  // namespace lyap::framework
