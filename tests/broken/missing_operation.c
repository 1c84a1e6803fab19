/* tests/broken/missing_operation.c - has a cell without a step. */
#define STEP 0
#include "plain.h"
