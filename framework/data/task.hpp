// framework/data/task.hpp - a plugin's task seen from the kernel, and lent to trainers and
// analyses.
#pragma once
#include <memory>
#include <span>
#include <string>

#include "base/error.hpp"
#include "lyap/abi.h"

namespace lyap::framework {

/// A task with its options; hands out numbered sequences from any thread. Errors of the plugin
/// become InputError (options, data) or Error, starting with "task 'smnist': ".
class Task {
 public:
  Task(std::string id, const lyap_task_ops& ops, std::span<const lyap_value> values,
       lyap_lent host);

  const std::string& id() const { return id_; }
  const lyap_task_shape& shape() const { return *shape_; }

  /// input inputs x steps*count, target targets x steps*count (x count when last_step_only);
  /// either may have no data.
  void fetch(int split, std::span<const std::int64_t> which, lyap_matrix input,
             lyap_matrix target) const;
  /// Steps from .. of the long inputs that drive an analysis: inputs x steps*count.
  void drive(int split, std::span<const std::int64_t> which, std::int64_t from, std::int64_t steps,
             lyap_matrix input) const;

  /// The same as the border's table; lent() is its object and lives as long as this task.
  static const lyap_data_ops& lent_ops();
  const lyap_data* lent() const { return reinterpret_cast<const lyap_data*>(this); }

  const lyap_task_ops& ops() const { return *ops_; }
  const lyap_task* get() const { return task_.get(); }

 private:
  void check_shape() const;
  [[noreturn]] void fail(const lyap_error& error) const;

  std::string id_;
  const lyap_task_ops* ops_;
  std::unique_ptr<lyap_task, void (*)(lyap_task*)> task_;
  const lyap_task_shape* shape_ = nullptr;
};

}  // namespace lyap::framework
