/* tests/broken/sanitized.c - made with another choice of sanitizers. */
#define SANITIZERS (OUR_SANITIZERS ^ LYAP_TSAN)
#include "plain.h"
