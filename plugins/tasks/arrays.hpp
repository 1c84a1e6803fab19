// plugins/tasks/arrays.hpp - the user's own sequences in .npy files.
#pragma once
#include <lyap/plugin.hpp>

#include <array>
#include <span>
#include <string>

#include "array_targets.hpp"
#include "data_file.hpp"
#include "splits.hpp"

namespace lyap::tasks {

class Arrays final : public Task {
 public:
  static constexpr About about{"arrays", "1.0.0", "Sequences from the user's own .npy files",
                               "numpy.org/doc/stable/reference/generated/numpy.lib.format.html"};

  static void options(Options& o) {
    o.text("inputs").doc(
        ".npy file [sequences, steps, numbers], or [steps, numbers] for one sequence: a path, or a "
        "name below the data folders");
    ArrayTargets::options(o);
    o.reals("fractions")
        .range(0, 1)
        .fallback("[]")
        .doc(
            "shares of the training and the validation split in the order of the file, the rest is "
            "the test split; [] = [0.8, 0.1], but every sequence in every split when there are no "
            "targets or there is one sequence alone");
  }

  Arrays(const Values& values, const Host& host)
      : inputs_(sequences(host.read_npy(file_called(values.text("inputs")),
                                        "`inputs` names a .npy file of yours by its path"))),
        targets_(values, host, inputs_, inputs_.file().shape().size() == 2) {
    const auto shares = values.reals("fractions");
    whole_ = shares.empty() && (targets_.loss() == Loss::None || inputs_.count() == 1);
    if (whole_) {
      splits_ = {inputs_.count(), inputs_.count(), inputs_.count()};
    } else {
      const std::array usual{.8, .1};
      splits_ =
          Splits::shared(inputs_.count(), shares.empty() ? std::span<const double>(usual) : shares);
      if (splits_.train == 0 && targets_.loss() != Loss::None)
        throw BadData(inputs_.file().path() + " has " + std::to_string(inputs_.count()) +
                      " sequences, of which none is left to train on; give more of them or a "
                      "larger first share in `fractions`");
    }
  }

  TaskShape shape() const override {
    TaskShape s;
    s.inputs = inputs_.rows(), s.outputs = targets_.outputs();
    s.loss = targets_.loss();
    s.targets = s.loss == Loss::CrossEntropy || s.loss == Loss::None ? 1 : s.outputs;
    s.steps = steps();
    s.last_step_only = targets_.last_step_only();
    s.next_step = targets_.next();
    s.drive_steps = inputs_.steps(), s.drive_count = splits_.in_each();
    splits_.put_into(s);
    return s;
  }

  void fetch(const Request& request, Out input, Out target) const override {
    copy_both<double>(request, input, target);
  }
  bool fetch_single(const Request& request, OutOf<float> input,
                    OutOf<float> target) const override {
    copy_both<float>(request, input, target);
    return true;
  }

  void drive(const Request& request, Index from, Index count, Out input) const override {
    splits_.check(request);
    if (from + count > inputs_.steps())
      throw BadShape(inputs_.file().path() + " has sequences of " +
                     std::to_string(inputs_.steps()) + " steps, and " +
                     std::to_string(from + count) + " are asked for; lower `warmup` or `steps`");
    copy<double>(inputs_, request, from, count, input);
  }

 private:
  static SequenceArray sequences(const File& file) {
    const auto shape = file.shape();
    if (shape.size() != 2 && shape.size() != 3)
      throw BadData(file.path() + " holds " + extents(file) +
                    " numbers, and inputs are [sequences, steps, numbers] or [steps, numbers]");
    check_numbers(file);
    return shape.size() == 2 ? SequenceArray(file, 1, shape[0], shape[1])
                             : SequenceArray(file, shape[0], shape[1], shape[2]);
  }
  Index steps() const { return inputs_.steps() - (targets_.next() ? 1 : 0); }

  template <Real T>
  void copy_both(const Request& request, OutOf<T>& input, OutOf<T>& target) const {
    splits_.check(request);
    if (input.data()) copy<T>(inputs_, request, 0, steps(), input);
    if (!target.data()) return;
    if (targets_.next()) copy<T>(inputs_, request, 1, steps(), target);
    if (const auto& array = targets_.array()) copy<T>(*array, request, 0, array->steps(), target);
  }
  template <Real T>
  void copy(const SequenceArray& from, const Request& request, Index first, Index count,
            OutOf<T>& to) const {
    const Index offset = whole_ || request.split == Split::Train ? 0
                         : request.split == Split::Validation    ? splits_.train
                                                              : splits_.train + splits_.validation;
    for (Index b = 0; b < request.count(); ++b)
      for (Index t = 0; t < count; ++t)
        to.col(t * request.count() + b) =
            from.column(offset + request.which[b], first + t).template cast<T>();
  }

  SequenceArray inputs_;
  ArrayTargets targets_;
  Splits splits_;
  bool whole_ = false;  ///< every sequence is in every split
};

}  // namespace lyap::tasks
