// plugins/tasks/signal_reconstruction.cpp - the library of the task `signal_reconstruction`.
#include <lyap/lyap.hpp>

#include "signal_reconstruction.hpp"

LYAP_PLUGINS(lyap::tasks::SignalReconstruction)
