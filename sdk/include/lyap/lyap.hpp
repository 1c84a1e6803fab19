// lyap/lyap.hpp - all that a plugin needs.
#pragma once
#include "lyap/plugin.hpp"
