// plugins/tasks/smnist.cpp - the library of the task `smnist`.
#include <lyap/lyap.hpp>

#include "smnist.hpp"

LYAP_PLUGINS(lyap::tasks::Smnist)
