// framework/data/task.cpp - a plugin's task seen from the kernel, and lent to trainers and
// analyses.
#include "data/task.hpp"

#include <algorithm>

#include "base/reported.hpp"

namespace lyap::framework {

Task::Task(std::string id, const lyap_task_ops& ops, std::span<const lyap_value> values,
           lyap_lent host)
    : id_(std::move(id)), ops_(&ops), task_(nullptr, ops.destroy) {
  lyap_error error{};
  task_.reset(ops_->create(values.data(), static_cast<std::uint32_t>(values.size()), host, &error));
  if (!task_) fail(error);
  shape_ = ops_->shape(task_.get());
  check_shape();
}

void Task::fail(const lyap_error& error) const {
  throw_reported("task '" + id_ + "'", error);
}

void Task::check_shape() const {
  const auto wrong = [&](const std::string& what) {
    return InputError("task '" + id_ + "': its shape is not usable: " + what);
  };
  const lyap_task_shape& s = *shape_;
  if (s.inputs < 1) throw wrong("it has no input rows");
  if (s.loss < LYAP_CROSS_ENTROPY || s.loss > LYAP_NO_LOSS) throw wrong("it names no known loss");
  if (s.loss == LYAP_NO_LOSS) return;
  if (s.outputs < 1 || s.targets < 1 || s.steps < 1)
    throw wrong("outputs, targets and steps must be positive");
  if (s.loss == LYAP_CROSS_ENTROPY && s.targets != 1)
    throw wrong("class targets have one row, its targets have " + std::to_string(s.targets));
  if (s.loss == LYAP_OWN_LOSS && !ops_->loss)
    throw wrong("it has a loss of its own but no function");
  if (*std::min_element(s.count, s.count + 3) < 0) throw wrong("a split has a negative size");
}

void Task::fetch(int split, std::span<const std::int64_t> which, lyap_matrix input,
                 lyap_matrix target) const {
  lyap_error error{};
  if (ops_->fetch(task_.get(), split, which.data(), static_cast<std::int64_t>(which.size()), input,
                  target, &error))
    fail(error);
}

void Task::drive(int split, std::span<const std::int64_t> which, std::int64_t from,
                 std::int64_t steps, lyap_matrix input) const {
  lyap_error error{};
  if (ops_->drive(task_.get(), split, which.data(), static_cast<std::int64_t>(which.size()), from,
                  steps, input, &error))
    fail(error);
}

namespace {

const Task& of(const lyap_data* data) {
  return *reinterpret_cast<const Task*>(data);
}

const lyap_task_shape* lent_shape(const lyap_data* d) {
  return &of(d).shape();
}
std::int32_t lent_fetch(const lyap_data* d, std::int32_t split, const std::int64_t* which,
                        std::int64_t count, lyap_matrix input, lyap_matrix target, lyap_error* e) {
  return of(d).ops().fetch(of(d).get(), split, which, count, input, target, e);
}
std::int32_t lent_drive(const lyap_data* d, std::int32_t split, const std::int64_t* which,
                        std::int64_t count, std::int64_t from, std::int64_t steps,
                        lyap_matrix input, lyap_error* e) {
  return of(d).ops().drive(of(d).get(), split, which, count, from, steps, input, e);
}

}  // namespace

const lyap_data_ops& Task::lent_ops() {
  static constexpr lyap_data_ops ops{sizeof(lyap_data_ops), 0, lent_shape, lent_fetch, lent_drive};
  return ops;
}

}  // namespace lyap::framework
