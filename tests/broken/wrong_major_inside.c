/* tests/broken/wrong_major_inside.c - says another major inside the section of this one. */
#define ABI_MAJOR 7
#include "plain.h"
