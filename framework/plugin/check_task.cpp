// framework/plugin/check_task.cpp - conformance of tasks.
#include <algorithm>
#include <numeric>

#include "plugin/cell_trial.hpp"
#include "plugin/try_options.hpp"

namespace lyap::framework::checks {
namespace {

// A task with the options of the check, destroyed with this object.
class MadeTask {
 public:
  enum class OnRefusal { Skip, Fail };

  MadeTask(const CheckSubject& subject, OnRefusal on_refusal) : ops_(subject.plugin->task()) {
    if (!subject.options.host) throw CheckSkipped{"tasks are checked with a host to lend to them"};
    const CreateValues values = try_options(subject);
    lyap_error error{};
    task_ = ops_.create(values.values().data(), static_cast<std::uint32_t>(values.values().size()),
                        subject.options.host(), &error);
    if (task_) return;
    // Data that is not on this machine is nothing the plugin could do better.
    if (error.code == LYAP_BAD_DATA) throw CheckSkipped{error.text};
    if (on_refusal == OnRefusal::Skip)
      throw CheckSkipped{"it cannot be created; see create-defaults"};
    throw CheckFailed{*error.text ? fmt::format("create refuses its own defaults: {}", error.text)
                                  : "create returns null without a sentence"};
  }
  explicit MadeTask(const CheckSubject& subject) : MadeTask(subject, OnRefusal::Skip) {}
  MadeTask(const MadeTask&) = delete;
  MadeTask& operator=(const MadeTask&) = delete;
  ~MadeTask() { ops_.destroy(task_); }

  const lyap_task_shape& shape() const { return *ops_.shape(task_); }

  struct Sequences {
    MatrixOf<float> input, target;
  };
  Sequences fetch(int split, const std::vector<std::int64_t>& which) const {
    const lyap_task_shape& s = shape();
    const auto count = static_cast<Index>(which.size());
    Sequences all{MatrixOf<float>(s.inputs, s.steps * count),
                  MatrixOf<float>(s.targets, (s.last_step_only ? 1 : s.steps) * count)};
    all.input.setConstant(std::numeric_limits<float>::quiet_NaN());
    all.target.setConstant(std::numeric_limits<float>::quiet_NaN());
    call("fetch", ops_.fetch, task_, split, which.data(), count, lend(all.input),
         all.target.size() > 0 ? lend(all.target) : absent(LYAP_F32));
    return all;
  }
  Matrix drive(int split, const std::vector<std::int64_t>& which, Index from, Index steps) const {
    const auto count = static_cast<Index>(which.size());
    Matrix input =
        Matrix::Constant(shape().inputs, steps * count, std::numeric_limits<double>::quiet_NaN());
    call("drive", ops_.drive, task_, split, which.data(), count, from, steps, lend(input));
    return input;
  }

 private:
  lyap_task_ops ops_;
  lyap_task* task_ = nullptr;
};

// Up to three sequences of a split: the first, the last and one between, latest first.
std::vector<std::int64_t> some(std::int64_t count) {
  std::vector<std::int64_t> which;
  for (const std::int64_t number : {count - 1, count / 2, std::int64_t{0}})
    if (number >= 0 && (which.empty() || number < which.back())) which.push_back(number);
  return which;
}

void require(bool holds, const std::string& sentence) {
  if (!holds) throw CheckFailed{sentence};
}

void require_targets(const lyap_task_shape& shape, const MatrixOf<float>& target) {
  if (shape.loss == LYAP_NO_LOSS) return;
  for (Index j = 0; j < target.cols(); ++j)
    for (Index i = 0; i < target.rows(); ++i) {
      const float value = target(i, j);
      require(std::isfinite(value),
              fmt::format("the target at row {}, column {} is {}", i, j, value));
      const bool is_class =
          value == std::floor(value) && value >= 0 && value < static_cast<float>(shape.outputs);
      require(shape.loss != LYAP_CROSS_ENTROPY || is_class,
              fmt::format("the class in column {} is {}, and there are {} classes", j, value,
                          shape.outputs));
    }
}

}  // namespace

std::string task_create_defaults(const CheckSubject& subject) {
  const MadeTask task(subject, MadeTask::OnRefusal::Fail);
  const lyap_task_shape& shape = task.shape();
  return fmt::format("{} inputs, {} outputs, {} steps, {} + {} + {} sequences", shape.inputs,
                     shape.outputs, shape.steps, shape.count[0], shape.count[1], shape.count[2]);
}

std::string task_shape_consistent(const CheckSubject& subject) {
  const MadeTask task(subject);
  const lyap_task_shape& shape = task.shape();
  require(shape.size == sizeof(lyap_task_shape),
          fmt::format("lyap_task_shape says it has {} bytes instead of {}", shape.size,
                      sizeof(lyap_task_shape)));
  require(shape.loss >= LYAP_CROSS_ENTROPY && shape.loss <= LYAP_NO_LOSS,
          fmt::format("its loss {} is none of abi.h", shape.loss));
  require(shape.inputs >= 0 && shape.outputs >= 0 && shape.targets >= 0,
          "a number of rows is negative");
  const bool trains = shape.loss != LYAP_NO_LOSS;
  require(!trains || (shape.outputs > 0 && shape.targets > 0 && shape.steps > 0),
          "it has a loss and no outputs, targets or steps");
  require(shape.loss != LYAP_CROSS_ENTROPY || shape.targets == 1,
          fmt::format("its targets are classes and have {} rows instead of 1", shape.targets));
  require(shape.loss != LYAP_OWN_LOSS || subject.plugin->task().loss,
          "it says it has a loss of its own and has no operation 'loss'");
  require(std::all_of(shape.count, shape.count + 3, [](auto count) { return count >= 0; }),
          "a split has less than no sequences");
  require(!trains || shape.count[LYAP_TRAIN] > 0, "it has a loss and no sequences to train on");
  require(shape.step_time >= 0 && std::isfinite(shape.step_time),
          fmt::format("a step lasts {}", shape.step_time));
  if (!shape.symbols) return "";
  std::int64_t symbols = 0;
  while (shape.symbols[symbols]) ++symbols;
  require(symbols == shape.outputs,
          fmt::format("it names {} classes and has {} outputs", symbols, shape.outputs));
  return fmt::format("{} classes", symbols);
}

std::string fetch_repeatable(const CheckSubject& subject) {
  const MadeTask task(subject);
  const lyap_task_shape& shape = task.shape();
  for (const int split : {LYAP_TRAIN, LYAP_VALIDATION, LYAP_TEST}) {
    const std::vector<std::int64_t> which = some(shape.count[split]);
    if (which.empty()) continue;
    const auto together = task.fetch(split, which);
    const auto count = static_cast<Index>(which.size());
    for (Index b = 0; b < count; ++b) {
      const auto alone = task.fetch(split, {which[static_cast<std::size_t>(b)]});
      MatrixOf<float> input(shape.inputs, shape.steps);
      for (Index t = 0; t < shape.steps; ++t) input.col(t) = together.input.col(t * count + b);
      compare(fmt::format("sequence {} of split {} alone and with others",
                          which[static_cast<std::size_t>(b)], split),
              alone.input, input, 0);
    }
    const auto again = task.fetch(split, which);
    compare("the inputs of two equal fetches", together.input, again.input, 0);
    if (shape.loss != LYAP_NO_LOSS)
      compare("the targets of two equal fetches", together.target, again.target, 0);
  }
  return "";
}

std::string fetch_in_range(const CheckSubject& subject) {
  const MadeTask task(subject);
  const lyap_task_shape& shape = task.shape();
  for (const int split : {LYAP_TRAIN, LYAP_VALIDATION, LYAP_TEST}) {
    const std::vector<std::int64_t> which = some(shape.count[split]);
    if (which.empty()) continue;
    const auto sequences = task.fetch(split, which);
    require(sequences.input.array().isFinite().all(),
            fmt::format("inputs of split {} are not finite, or not all written", split));
    require_targets(shape, sequences.target);
  }
  return "";
}

std::string drive_contiguous(const CheckSubject& subject) {
  const MadeTask task(subject);
  const lyap_task_shape& shape = task.shape();
  constexpr Index wanted = 8;
  const Index steps = shape.drive_steps > 0 ? std::min<Index>(wanted, shape.drive_steps) : wanted;
  const std::int64_t starts = shape.drive_count[LYAP_TRAIN];
  const std::vector<std::int64_t> which = some(starts > 0 ? starts : 3);
  const auto count = static_cast<Index>(which.size());
  const Matrix whole = task.drive(LYAP_TRAIN, which, 0, steps);
  require(whole.array().isFinite().all(), "drive gives numbers that are not finite");
  const Index half = steps / 2;
  Matrix pieces(whole.rows(), whole.cols());
  pieces.leftCols(half * count) = task.drive(LYAP_TRAIN, which, 0, half);
  pieces.rightCols((steps - half) * count) = task.drive(LYAP_TRAIN, which, half, steps - half);
  compare("drive in one and in two pieces", whole, pieces, 0);
  return fmt::format("{} steps of {} inputs", steps, count);
}

}  // namespace lyap::framework::checks
