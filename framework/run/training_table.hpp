// framework/run/training_table.hpp - a training run as trainers see it: the table
// lyap_training_ops.
#pragma once
#include "lyap/abi.h"

namespace lyap::framework {

class TrainingRun;

const lyap_training_ops& training_ops();
lyap_training* lend(TrainingRun& run);

}  // namespace lyap::framework
