// plugins/cells/noisy.cpp - the library of the noisy RNN.
#include "noisy.hpp"

LYAP_PLUGINS(lyap::cells::Noisy)
