/* tests/broken/unknown_kind.c - is of a kind that does not exist. */
#define KIND 9
#include "plain.h"
