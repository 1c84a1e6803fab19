/* tests/broken/default_out_of_range.c - has a default outside the option's own range. */
#define FALLBACK "64"
#include "plain.h"
