/* tests/broken/undefined_symbol.c - calls a function that no library has. */
#include <lyap/abi.h>
int32_t lyap_test_missing_function(lyap_tape*, const lyap_chunk*, lyap_error*);
#define STEP lyap_test_missing_function
#include "plain.h"
