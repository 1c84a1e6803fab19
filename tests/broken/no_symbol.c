/* tests/broken/no_symbol.c - exports the table under another name. */
#define SYMBOL lyap_library_v9
#include "plain.h"
