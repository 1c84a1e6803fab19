// plugins/tasks/adding.cpp - the library of the task `adding`.
#include <lyap/lyap.hpp>

#include "adding.hpp"

LYAP_PLUGINS(lyap::tasks::Adding)
