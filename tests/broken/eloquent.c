/* tests/broken/eloquent.c - right too: an analysis with every type of option and role of port. */
#include <lyap/abi.h>
#include <math.h>

static lyap_analysis* create_analysis(const lyap_value* values, uint32_t count, lyap_error* e) {
  (void)values, (void)count, (void)e;
  return 0;
}
static void destroy_analysis(lyap_analysis* analysis) {
  (void)analysis;
}
static int32_t run(lyap_analysis* analysis, const lyap_context_ops* ops, lyap_context* context,
                   lyap_lent host, lyap_error* e) {
  (void)analysis, (void)ops, (void)context, (void)host, (void)e;
  return LYAP_FAILED;
}
static const lyap_analysis_ops analysis_ops = {
    .size = sizeof(lyap_analysis_ops),
    .create = create_analysis,
    .destroy = destroy_analysis,
    .run = run,
};
static const char* const states[] = {"full", "hidden", 0};

#define KIND LYAP_ANALYSIS
#define ID "eloquent"
#define SUMMARY "Says everything"
#define REFERENCE "Benettin et al. 1980"
#define OPS &analysis_ops
#define OPTIONS                                                                               \
  {"steps", "length of the average", "steps", "100", 0, 1, 1e8, LYAP_INTEGER, 0},             \
      {"tolerance", "when to stop", "", "1e-3", 0, 0, INFINITY, LYAP_REAL, 0},                \
      {"sort", "largest first", "", "off", 0, -INFINITY, INFINITY, LYAP_BOOLEAN, 0},          \
      {"state", "which part of it", "", "full", states, -INFINITY, INFINITY, LYAP_CHOICE, 0}, \
      {"label", "shown in the report", "", "", 0, -INFINITY, INFINITY, LYAP_TEXT, 0},         \
      {"start", "where to begin", "", 0, 0, -INFINITY, INFINITY, LYAP_PATH, 0},               \
      {"times", "when to look", "s", "[0, 0.5]", 0, -INFINITY, 1, LYAP_REALS, 0}, {           \
    "parts", "names of parts", "", "[]", 0, -INFINITY, INFINITY, LYAP_TEXTS, 0                \
  }
#define PORTS                                                                                     \
  {"model", "", "the network", LYAP_MODEL_PORT, 0}, {"data", "", "its input", LYAP_DATA_PORT, 0}, \
      {"directions", "direction[state, index]", "to begin with", LYAP_INPUT, 0},                  \
      {"weights", "weight[index]", "of the mean", LYAP_OPTIONAL, 0},                              \
      {"spectrum", "exponent[index] nats/step", "mean over sequences", LYAP_RESULT, 0}, {         \
    "dead", "count[index]", "sequences without that direction", LYAP_RESULT, 0                    \
  }
#include "plain.h"
