// plugins/cells/lem.cpp - the library of the Long Expressive Memory.
#include "lem.hpp"

LYAP_PLUGINS(lyap::cells::Lem)
