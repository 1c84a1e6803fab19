/* tests/broken/null_plugin.c - announces more plugins than it has. */
#define PLUGINS 2
#define PLUGIN(index) ((index) < 1 ? &plugins[index] : 0)
#include "plain.h"
