/* tests/broken/half_an_output.c - has an output map without its derivatives. */
#define OUTPUT output
#include "plain.h"
