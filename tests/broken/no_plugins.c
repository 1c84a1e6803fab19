/* tests/broken/no_plugins.c - holds nothing. */
#define PLUGINS 0
#include "plain.h"
