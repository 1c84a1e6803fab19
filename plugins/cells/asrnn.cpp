// plugins/cells/asrnn.cpp - the library of the AntisymmetricRNN.
#include "asrnn.hpp"

LYAP_PLUGINS(lyap::cells::Asrnn)
