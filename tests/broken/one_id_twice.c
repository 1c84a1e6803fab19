/* tests/broken/one_id_twice.c - gives two plugins one id. */
#define PLUGINS 2
#define SECOND_ID "plain"
#include "plain.h"
