// plugins/cells/lipschitz.cpp - the library of the Lipschitz RNN.
#include "lipschitz.hpp"

LYAP_PLUGINS(lyap::cells::Lipschitz)
