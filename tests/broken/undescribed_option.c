/* tests/broken/undescribed_option.c - does not say what an option does. */
#define OPTION_DOC ""
#include "plain.h"
