/* tests/broken/bad_quantity.c - has a port that carries nobody knows what. */
#define QUANTITY "the exponents["
#include "plain.h"
