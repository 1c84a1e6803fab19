/* tests/broken/wrong_major.c - speaks another major of the ABI. */
#define ABI_MAJOR 2
#define SECTION ".lyap_abi_2"
#include "plain.h"
