// plugins/cells/lstm.cpp - the library of the LSTM.
#include "lstm.hpp"

LYAP_PLUGINS(lyap::cells::Lstm)
