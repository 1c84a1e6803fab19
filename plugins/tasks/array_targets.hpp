// plugins/tasks/array_targets.hpp - what the user's arrays are to be trained towards.
#pragma once
#include <lyap/host.hpp>
#include <lyap/options.hpp>
#include <lyap/task.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "sequence_array.hpp"

namespace lyap::tasks {

/// The targets of sequences: none, the next input, or a file of classes or numbers.
class ArrayTargets {
 public:
  static void options(Options& o) {
    static const char* const losses[] = {"auto",          "cross_entropy", "mean_squared",
                                         "mean_absolute", "none",          nullptr};
    o.text("targets").fallback("none").doc(
        "none; next: the target of a step is the next input; or a .npy file: [sequences, "
        "steps, numbers], [sequences, numbers] for the last step alone, classes 0, 1, 2, ... "
        "[sequences, steps] or [sequences] for the last step alone; for one sequence without "
        "the first index");
    o.choice("loss", losses)
        .fallback("auto")
        .doc(
            "auto: cross_entropy when the targets are whole numbers in the shape of classes, "
            "mean_squared when they are other numbers or `next`, none when there are none");
    o.integer("classes").range(0, 1e6).fallback("0").doc(
        "number of classes; 0 = as many as the targets have");
  }

  /// `single`: the inputs came without the index of the sequence. Errors: BadOption, BadData.
  ArrayTargets(const Values& values, const Host& host, const SequenceArray& inputs, bool single) {
    const std::string loss = values.text("loss"), targets = values.text("targets");
    if (loss == "none") return;
    if (targets == "none") {
      if (loss != "auto")
        throw BadOption("`loss: " + loss + "` needs `targets`, a .npy file or `next`");
    } else if (targets == "next") {
      predict_next(loss, inputs);
    } else {
      const File file =
          host.read_npy(file_called(targets),
                        "`targets` names a .npy file of yours by its path, or is next or none");
      check_numbers(file);
      read(file, loss, values.integer("classes"), inputs, single);
    }
  }

  Loss loss() const { return loss_; }
  bool next() const { return next_; }
  Index outputs() const { return outputs_; }
  bool last_step_only() const { return array_ && array_->steps() == 1; }
  /// A file's targets, one column a step or one alone for the last; empty when there is no file.
  const std::optional<SequenceArray>& array() const { return array_; }

 private:
  void predict_next(const std::string& loss, const SequenceArray& inputs) {
    if (loss == "cross_entropy")
      throw BadOption(
          "`targets: next` are numbers and not classes; use `loss: mean_squared` or "
          "`loss: mean_absolute`");
    if (inputs.steps() < 2)
      throw BadData(inputs.file().path() +
                    " has sequences of one step, and `targets: next` needs two or more");
    next_ = true;
    outputs_ = inputs.rows();
    loss_ = loss == "mean_absolute" ? Loss::MeanAbsolute : Loss::MeanSquared;
  }

  void read(const File& file, const std::string& loss, Index given, const SequenceArray& inputs,
            bool single) {
    std::vector<std::int64_t> shape(file.shape().begin(), file.shape().end());
    if (single) shape.insert(shape.begin(), 1);
    const bool may_be_classes = loss == "cross_entropy" || (loss == "auto" && !not_a_class(file));
    if (may_be_classes) array_ = as_classes(file, shape, inputs);
    if (array_) {
      loss_ = Loss::CrossEntropy;
      outputs_ = classes(file, given);
      return;
    }
    if (loss != "cross_entropy") array_ = as_numbers(file, shape, inputs, single);
    if (!array_)
      throw BadData(file.path() + " holds " + extents(file) + " numbers for inputs of " +
                    extents(inputs.file()) + "; " +
                    (loss == "cross_entropy" ? "classes" : "targets") + " are " +
                    shapes(loss == "cross_entropy", single));
    loss_ = loss == "mean_absolute" ? Loss::MeanAbsolute : Loss::MeanSquared;
    outputs_ = array_->rows();
  }

  using Shape = std::vector<std::int64_t>;
  static std::optional<SequenceArray> as_classes(const File& file, const Shape& shape,
                                                 const SequenceArray& x) {
    if (shape == Shape{x.count(), x.steps()}) return SequenceArray(file, x.count(), x.steps(), 1);
    if (shape == Shape{x.count()}) return SequenceArray(file, x.count(), 1, 1);
    return std::nullopt;
  }
  static std::optional<SequenceArray> as_numbers(const File& file, const Shape& shape,
                                                 const SequenceArray& x, bool single) {
    if (shape.empty() || shape[0] != x.count()) return std::nullopt;
    if (shape.size() == 1) return SequenceArray(file, x.count(), 1, 1);
    if (shape.size() == 2 && single)
      return shape[1] == x.steps() ? std::optional(SequenceArray(file, 1, x.steps(), 1))
                                   : std::nullopt;
    if (shape.size() == 2) return SequenceArray(file, x.count(), 1, shape[1]);
    if (shape.size() == 3 && shape[1] == x.steps())
      return SequenceArray(file, x.count(), x.steps(), shape[2]);
    return std::nullopt;
  }
  static std::string shapes(bool classes, bool single) {
    if (classes) return single ? "[steps]" : "[sequences, steps] or [sequences]";
    return single ? "[steps, numbers] or [steps]"
                  : "[sequences, steps, numbers], [sequences, numbers], [sequences, steps] of "
                    "classes or [sequences]";
  }

  /// The first number that is no class.
  static std::optional<std::int64_t> not_a_class(const File& file) {
    const auto numbers = file.doubles();
    const auto found = std::find_if(numbers.begin(), numbers.end(), [](double number) {
      return number < 0 || number != std::floor(number) || number > 1e6;
    });
    if (found == numbers.end()) return std::nullopt;
    return found - numbers.begin();
  }
  static Index classes(const File& file, Index given) {
    const auto numbers = file.doubles();
    if (const auto place = not_a_class(file))
      throw BadData(file.path() + ": the number at " + index_of(file, *place) + " is " +
                    std::to_string(numbers[static_cast<std::size_t>(*place)]) +
                    ", and classes are 0, 1, 2, ... up to a million");
    const auto highest = static_cast<Index>(*std::max_element(numbers.begin(), numbers.end()));
    if (given != 0 && given <= highest)
      throw BadOption("`classes: " + std::to_string(given) + "` is too few, " + file.path() +
                      " has a class " + std::to_string(highest) + "; leave `classes` out");
    return given != 0 ? given : highest + 1;
  }

  Loss loss_ = Loss::None;
  bool next_ = false;
  Index outputs_ = 0;
  std::optional<SequenceArray> array_;
};

}  // namespace lyap::tasks
