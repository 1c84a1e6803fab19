/* tests/broken/no_summary.c - does not say what it is. */
#define SUMMARY ""
#include "plain.h"
