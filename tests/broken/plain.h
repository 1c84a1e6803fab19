/* tests/broken/plain.h - a whole plugin library in plain C with one cell, made to be made wrong.
 *
 * A source defines what it wants to be different and includes this file: without a definition
 * everything is as abi.h wants it. The cell is never run. */
#include <lyap/abi.h>

#ifndef ABI_MAJOR
#define ABI_MAJOR LYAP_ABI_MAJOR
#endif
#ifndef ABI_MINOR
#define ABI_MINOR LYAP_ABI_MINOR
#endif
#ifndef MAGIC
#define MAGIC LYAP_LIBRARY_MAGIC
#endif
#ifndef SYMBOL
#define SYMBOL lyap_library_v1
#endif
#ifndef SECTION
#define SECTION LYAP_LIBRARY_SECTION
#endif
#ifndef PLUGIN_SIZE
#define PLUGIN_SIZE sizeof(lyap_plugin)
#endif
#ifndef ISA
#define ISA 0
#endif
#ifndef FAMILY
#define FAMILY 0
#endif
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#if __has_feature(thread_sanitizer)
#define __SANITIZE_THREAD__ 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define OUR_SANITIZERS LYAP_ASAN
#elif defined(__SANITIZE_THREAD__)
#define OUR_SANITIZERS LYAP_TSAN
#else
#define OUR_SANITIZERS 0
#endif
#ifndef SANITIZERS
#define SANITIZERS OUR_SANITIZERS
#endif
#ifndef COMPILER
#define COMPILER "cc"
#endif
#ifndef TABLE_COMPILER
#define TABLE_COMPILER COMPILER
#endif
#ifndef KIND
#define KIND LYAP_CELL
#endif
#ifndef ID
#define ID "plain"
#endif
#ifndef SECOND_ID
#define SECOND_ID "plain_too"
#endif
#ifndef SUMMARY
#define SUMMARY "A cell in plain C"
#endif
#ifndef PLUGINS
#define PLUGINS 1
#endif
#ifndef OPTION_DOC
#define OPTION_DOC "hidden units"
#endif
#ifndef FALLBACK
#define FALLBACK "4"
#endif
#ifndef QUANTITY
#define QUANTITY "exponent[sequence, index] nats/step"
#endif
#ifndef REFERENCE
#define REFERENCE ""
#endif
#ifndef OPTIONS
#define OPTIONS \
  { "units", OPTION_DOC, "", FALLBACK, 0, 1, 8, LYAP_INTEGER, 0 }
#endif
#ifndef PORTS
#define PORTS \
  { "spectrum", QUANTITY, "the exponents", LYAP_RESULT, 0 }
#endif
#ifndef OPS
#define OPS &ops
#endif
#ifndef STEP
#define STEP step
#endif
#ifndef OUTPUT
#define OUTPUT 0
#endif

static lyap_cell* create(const lyap_value* values, uint32_t count, int64_t inputs, lyap_error* e) {
  (void)values, (void)count, (void)inputs, (void)e;
  return 0;
}
static void destroy(lyap_cell* cell) {
  (void)cell;
}
static const lyap_cell_shape* shape(const lyap_cell* cell) {
  (void)cell;
  return 0;
}
static lyap_tape* open_tape(const lyap_cell* cell, int32_t dtype, int64_t steps, int64_t batch,
                            lyap_error* e) {
  (void)cell, (void)dtype, (void)steps, (void)batch, (void)e;
  return 0;
}
static void close_tape(lyap_tape* tape) {
  (void)tape;
}
static int32_t bind(lyap_tape* tape, const lyap_const_matrix* weights, lyap_error* e) {
  (void)tape, (void)weights, (void)e;
  return LYAP_FAILED;
}
static __attribute__((unused)) int32_t step(lyap_tape* tape, const lyap_chunk* chunk,
                                            lyap_error* e) {
  (void)tape, (void)chunk, (void)e;
  return LYAP_FAILED;
}
static __attribute__((unused)) int32_t output(const lyap_cell* cell,
                                              const lyap_const_matrix* weights,
                                              lyap_const_matrix state, lyap_matrix out,
                                              lyap_error* e) {
  (void)cell, (void)weights, (void)state, (void)out, (void)e;
  return LYAP_FAILED;
}

static __attribute__((unused)) const lyap_cell_ops ops = {
    .size = sizeof(lyap_cell_ops),
    .create = create,
    .destroy = destroy,
    .shape = shape,
    .open = open_tape,
    .close = close_tape,
    .bind = bind,
    .step = STEP,
    .output = OUTPUT,
};
static const lyap_option options[] = {OPTIONS};
static const lyap_port ports[] = {PORTS};
#define COUNT(list) (sizeof(list) / sizeof(list)[0])
#define TABLE(id)                                                                       \
  {                                                                                     \
    PLUGIN_SIZE, KIND, id, "1.0.0", SUMMARY, REFERENCE, options, ports, COUNT(options), \
        COUNT(ports), OPS                                                               \
  }
static const lyap_plugin plugins[] = {TABLE(ID), TABLE(SECOND_ID)};
#ifndef PLUGIN
#define PLUGIN(index) ((index) + 1 <= PLUGINS ? &plugins[index] : 0)
#endif
static const lyap_plugin* plugin(uint32_t index) {
  return PLUGIN(index);
}

#define IDENTITY(made_by)                                                                        \
  {                                                                                              \
    MAGIC, sizeof(lyap_identity), ABI_MAJOR, ABI_MINOR, PLUGIN_SIZE, sizeof(lyap_cell_ops),      \
        sizeof(lyap_task_ops), sizeof(lyap_trainer_ops), sizeof(lyap_analysis_ops), ISA, FAMILY, \
        SANITIZERS, 16, 0, "0.1.0", "3.4.0", made_by                                             \
  }
#define VISIBLE __attribute__((visibility("default"), used))

static const lyap_identity in_section __attribute__((used, section(SECTION))) = IDENTITY(COMPILER);
VISIBLE const lyap_library SYMBOL = {IDENTITY(TABLE_COMPILER), PLUGINS, 0, plugin};
