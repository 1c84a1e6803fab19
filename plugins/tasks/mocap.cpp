// plugins/tasks/mocap.cpp - the library of the task `mocap`.
#include <lyap/lyap.hpp>

#include "mocap.hpp"

LYAP_PLUGINS(lyap::tasks::Mocap)
