/* tests/broken/plain.c - as it should be. */

#include "plain.h"
