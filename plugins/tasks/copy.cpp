// plugins/tasks/copy.cpp - the library of the task `copy`.
#include <lyap/lyap.hpp>

#include "copy.hpp"

LYAP_PLUGINS(lyap::tasks::Copy)
