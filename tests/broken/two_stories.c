/* tests/broken/two_stories.c - says one thing in the section and another in the table. */
#define TABLE_COMPILER "c++"
#include "plain.h"
