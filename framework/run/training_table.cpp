// framework/run/training_table.cpp - a training run as trainers see it: the table
// lyap_training_ops.
#include "run/training_table.hpp"

#include "data/task.hpp"
#include "lyap/border.hpp"
#include "model/border.hpp"
#include "run/training.hpp"

namespace lyap::framework {
namespace {

TrainingRun& of(lyap_training* t) {
  return *reinterpret_cast<TrainingRun*>(t);
}

lyap_batch_result result_of(const LossSum& sum) {
  return {sum.mean(), sum.accuracy()};
}

lyap_model* model(lyap_training* t) {
  return lend(of(t).model());
}
const lyap_data* data(lyap_training* t) {
  return of(t).data();
}

std::int32_t weight(lyap_training* t, std::uint32_t index, lyap_matrix* out) {
  Weights& weights = of(t).model().weights();
  if (index >= weights.size()) return LYAP_BAD_SHAPE;
  *out = weights[index];
  return LYAP_OK;
}
std::int32_t gradient(lyap_training* t, std::uint32_t index, lyap_const_matrix* out) {
  const Weights& gradient = of(t).gradient().gradient();
  if (index >= gradient.size()) return LYAP_BAD_SHAPE;
  *out = gradient[index];
  return LYAP_OK;
}
std::int32_t changed(lyap_training* t, double learning_rate, lyap_error* error) {
  return reporting(error, [&] { of(t).weights_changed(learning_rate); });
}

std::int32_t batch(lyap_training* t, const lyap_batch_request* r, lyap_batch_result* result,
                   lyap_error* error) {
  return reporting(error, [&] {
    *result = result_of(of(t).gradient().batch({r->split, r->which, r->count, r->window, r->dropout,
                                                r->carry != 0, r->stream ? r->stream : ""}));
  });
}
std::int32_t evaluate(lyap_training* t, std::int32_t split, std::int64_t size,
                      lyap_batch_result* result, lyap_error* error) {
  return reporting(error, [&] { *result = result_of(of(t).evaluate(split, size)); });
}

std::int32_t slot(lyap_training* t, const char* name, std::int64_t rows, std::int64_t cols,
                  std::int32_t dtype, lyap_matrix* out, lyap_error* error) {
  return reporting(error, [&] { *out = of(t).slots().get(name, rows, cols, dtype); });
}
std::int64_t first_epoch(lyap_training* t) {
  return of(t).first_epoch();
}

std::int32_t epoch(lyap_training* t, std::int64_t number, const lyap_metric* figures,
                   std::int32_t count, std::int32_t best, lyap_error* error) {
  bool go_on = true;
  const std::int32_t code =
      reporting(error, [&] { go_on = of(t).epoch_done(number, figures, count, best != 0); });
  if (code != LYAP_OK || go_on) return code;
  return border::fail(error, LYAP_STOPPED, "training was stopped after a complete epoch");
}
std::int32_t restore_best(lyap_training* t, lyap_error* error) {
  return reporting(error, [&] { of(t).restore_best(); });
}

}  // namespace

const lyap_training_ops& training_ops() {
  static const lyap_training_ops ops{sizeof(lyap_training_ops),
                                     0,
                                     &model_ops(),
                                     &Task::lent_ops(),
                                     model,
                                     data,
                                     weight,
                                     gradient,
                                     changed,
                                     batch,
                                     evaluate,
                                     slot,
                                     first_epoch,
                                     epoch,
                                     restore_best};
  return ops;
}

lyap_training* lend(TrainingRun& run) {
  return reinterpret_cast<lyap_training*>(&run);
}

}  // namespace lyap::framework
