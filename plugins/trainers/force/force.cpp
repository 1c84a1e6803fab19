// plugins/trainers/force/force.cpp - the library of the trainer `force`.
#include "force.hpp"

LYAP_PLUGINS(lyap::force::Force)
