// plugins/cells/cornn.cpp - the library of the coupled oscillatory RNN.
#include "cornn.hpp"

LYAP_PLUGINS(lyap::cells::Cornn)
