/* tests/broken/unknown_isa.c - uses an instruction set nobody has heard of. */
#define ISA 0x100
#include "plain.h"
