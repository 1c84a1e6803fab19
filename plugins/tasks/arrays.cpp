// plugins/tasks/arrays.cpp - the library of the task `arrays`.
#include <lyap/lyap.hpp>

#include "arrays.hpp"

LYAP_PLUGINS(lyap::tasks::Arrays)
