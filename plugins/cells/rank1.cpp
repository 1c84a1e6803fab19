// plugins/cells/rank1.cpp - the library of the rate network with a rank-one feedback.
#include "rank1.hpp"

LYAP_PLUGINS(lyap::cells::Rank1)
