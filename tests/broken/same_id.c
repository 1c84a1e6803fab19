/* tests/broken/same_id.c - a second library with the id of plain.c. */

#include "plain.h"
