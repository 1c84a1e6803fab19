/* tests/broken/other_family.c - made with the other C++ library. */
#define FAMILY LYAP_LIBCXX
#include "plain.h"
