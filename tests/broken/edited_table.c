/* tests/broken/edited_table.c - made with an abi.h in which lyap_plugin has one field more. */
#define PLUGIN_SIZE (sizeof(lyap_plugin) + 8)
#include "plain.h"
