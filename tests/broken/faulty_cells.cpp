// tests/broken/faulty_cells.cpp - one cell for each promise of abi.h that can be broken without
// ending the process.
#include "faulty_table.hpp"

constexpr lyap_plugin plugins[] = {
    faulty::plugin<Fault::RefusesDefaults>("refuses_defaults"),
    faulty::plugin<Fault::SilentNull>("silent_null"),
    faulty::plugin<Fault::BlocksDoNotAddUp>("blocks_do_not_add_up"),
    faulty::plugin<Fault::BadWeightName>("bad_weight_name"),
    faulty::plugin<Fault::NearTorchName>("near_torch_name"),
    faulty::plugin<Fault::CountsCalls>("counts_calls"),
    faulty::plugin<Fault::MixesBatch>("mixes_batch"),
    faulty::plugin<Fault::RestartsInChunk>("restarts_in_chunk"),
    faulty::plugin<Fault::KeepsLiveWeights>("keeps_live_weights"),
    faulty::plugin<Fault::SwallowsNan>("swallows_nan"),
    faulty::plugin<Fault::ChangesInput>("changes_input"),
    faulty::plugin<Fault::IgnoresStride>("ignores_stride"),
    faulty::plugin<Fault::WritesBeside>("writes_beside"),
    faulty::plugin<Fault::PushSign>("push_sign"),
    faulty::plugin<Fault::SloppyInFloat>("sloppy_in_float"),
    faulty::plugin<Fault::PullForgetsMemory>("pull_forgets_memory"),
    faulty::plugin<Fault::IgnoresColumnOrder>("ignores_column_order"),
    faulty::plugin<Fault::ForgetsBiasGradient>("forgets_bias_gradient"),
    faulty::plugin<Fault::BackwardDropsState>("backward_drops_state"),
    faulty::plugin<Fault::WrongOutputPush>("wrong_output_push"),
    faulty::plugin<Fault::StartsAnew>("starts_anew"),
    faulty::plugin<Fault::ProjectsToNan>("projects_to_nan"),
    faulty::plugin<Fault::NeedsItsOwnThread>("needs_its_own_thread"),
};
FAULTY_LIBRARY
