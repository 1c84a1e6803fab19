/* tests/broken/garbled.c - has a section that does not hold an identity. */
#define MAGIC "lyap-zo"
#include "plain.h"
