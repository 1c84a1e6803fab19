// plugins/tasks/chaos.cpp - the library of the task `chaos`.
#include <lyap/lyap.hpp>

#include "chaos.hpp"

LYAP_PLUGINS(lyap::tasks::Chaos)
