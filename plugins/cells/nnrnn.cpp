// plugins/cells/nnrnn.cpp - the library of the non-normal recurrent network.
#include "nnrnn.hpp"

LYAP_PLUGINS(lyap::cells::Nnrnn)
