// framework/model/task.cpp - a task as the training step and the loss see it.
#include "model/task.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "model/plugin_call.hpp"

namespace lyap::framework {

TaskView::TaskView(std::string id, const lyap_task_ops& ops, const lyap_task* task)
    : who_("task '" + std::move(id) + "'"), ops_(&ops), task_(task) {
  if (shape().loss == LYAP_OWN_LOSS && !ops.loss)
    throw InputError(who_ + " declares a loss of its own but has none; report this to its author");
}

void TaskView::fetch(std::int32_t split, const std::int64_t* which, std::int64_t count,
                     lyap_matrix input, lyap_matrix target) const {
  call_plugin(who_, ops_->fetch, task_, split, which, count, input, target);
}

void TaskView::drive(std::int32_t split, const std::int64_t* which, std::int64_t count,
                     std::int64_t from, std::int64_t steps, lyap_matrix input) const {
  call_plugin(who_, ops_->drive, task_, split, which, count, from, steps, input);
}

double TaskView::own_loss(lyap_const_matrix prediction, lyap_const_matrix target,
                          lyap_matrix gradient) const {
  double mean = 0;
  call_plugin(who_, ops_->loss, task_, prediction, target, &mean, gradient);
  return mean;
}

Figures TaskView::metrics(lyap_const_matrix prediction, lyap_const_matrix target) const {
  std::array<lyap_metric, 16> room;
  constexpr auto most = static_cast<std::int32_t>(room.size());
  // A plugin may count more figures than it was given room for.
  const std::int32_t count =
      std::min(ops_->metrics(task_, prediction, target, room.data(), most), most);
  Figures figures;
  for (std::int32_t i = 0; i < count; ++i)
    figures.emplace_back(room[static_cast<std::size_t>(i)].name,
                         room[static_cast<std::size_t>(i)].value);
  return figures;
}

}  // namespace lyap::framework
