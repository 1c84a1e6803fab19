/* tests/broken/two_symbols.c - works, and lets the rest of the process see one of its functions. */
#include "plain.h"
VISIBLE int lyap_test_visible_function(void);
int lyap_test_visible_function(void) {
  return 1;
}
