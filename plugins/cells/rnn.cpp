// plugins/cells/rnn.cpp - the library of the vanilla recurrent network.
#include "rnn.hpp"

LYAP_PLUGINS(lyap::cells::Rnn)
