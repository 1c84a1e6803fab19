// plugins/tasks/driven_noise.cpp - the library of the task `driven_noise`.
#include <lyap/lyap.hpp>

#include "driven_noise.hpp"

LYAP_PLUGINS(lyap::tasks::DrivenNoise)
