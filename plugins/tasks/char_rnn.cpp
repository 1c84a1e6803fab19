// plugins/tasks/char_rnn.cpp - the library of the task `char_rnn`.
#include <lyap/lyap.hpp>

#include "char_rnn.hpp"

LYAP_PLUGINS(lyap::tasks::CharRnn)
