// plugins/cells/ornn.cpp - the library of the orthogonal recurrent network.
#include "ornn.hpp"

LYAP_PLUGINS(lyap::cells::Ornn)
