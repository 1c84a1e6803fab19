/* tests/broken/bad_id.c - has an id that cannot be written in a pipeline. */
#define ID "My Cell"
#include "plain.h"
