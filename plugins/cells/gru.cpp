// plugins/cells/gru.cpp - the library of the gated recurrent unit.
#include "gru.hpp"

LYAP_PLUGINS(lyap::cells::Gru)
