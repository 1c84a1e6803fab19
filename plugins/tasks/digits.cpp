// plugins/tasks/digits.cpp - the library of the task `digits`.
#include <lyap/lyap.hpp>

#include "digits.hpp"

LYAP_PLUGINS(lyap::tasks::Digits)
