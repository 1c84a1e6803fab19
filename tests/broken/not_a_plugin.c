/* tests/broken/not_a_plugin.c - a shared library that has nothing to do with lyap. */
__attribute__((visibility("default"))) int answer(void) {
  return 42;
}
