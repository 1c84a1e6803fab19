/* tests/broken/newer_minor.c - needs a minor that does not exist yet. */
#define ABI_MINOR 9
#include "plain.h"
