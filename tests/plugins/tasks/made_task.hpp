// tests/plugins/tasks/made_task.hpp - a task behind the border's table, as the kernel meets it.
#pragma once
#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "lyap/plugin.hpp"
#include "plugin/option_words.hpp"
#include "surroundings.hpp"

namespace lyap::testing {

using Words = std::map<std::string, std::string>;
using Numbers = std::vector<std::int64_t>;

inline Numbers first(std::int64_t count) {
  Numbers numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

/// Throws PluginError with the task's sentence, InputError with the kernel's about an option.
template <class C>
class MadeTask {
 public:
  explicit MadeTask(const Words& words, const std::filesystem::path& data = "",
                    std::uint64_t seed = 1, int workers = 1)
      : surroundings_(data, seed, workers), task_(create(words)) {}

  const lyap_task_shape& shape() const { return *ops.shape(task_.get()); }

  template <Real T = double>
  MatrixOf<T> input(Split split, const Numbers& which) const {
    MatrixOf<T> input(shape().inputs, shape().steps * std::ssize(which));
    fetch(split, which, lend(input), lyap_matrix{});
    return input;
  }
  template <Real T = double>
  MatrixOf<T> target(Split split, const Numbers& which) const {
    MatrixOf<T> target(shape().targets,
                       (shape().last_step_only ? 1 : shape().steps) * std::ssize(which));
    fetch(split, which, lyap_matrix{}, lend(target));
    return target;
  }
  Matrix drive(Split split, const Numbers& which, Index from, Index steps) const {
    Matrix input(shape().inputs, steps * std::ssize(which));
    border::call(ops.drive, task_.get(), static_cast<int>(split), which.data(), std::ssize(which),
                 from, steps, lend(input));
    return input;
  }
  /// The figures of a batch of whole sequences.
  std::map<std::string, double> metrics(const Matrix& prediction, const Matrix& target) const {
    lyap_metric figures[8];
    const std::int32_t count = ops.metrics(task_.get(), lend(prediction), lend(target), figures, 8);
    std::map<std::string, double> all;
    for (std::int32_t i = 0; i < count; ++i) all[figures[i].name] = figures[i].value;
    return all;
  }
  std::vector<std::string> symbols() const {
    std::vector<std::string> all;
    for (const char* const* symbol = shape().symbols; symbol && *symbol; ++symbol)
      all.emplace_back(*symbol);
    return all;
  }

 private:
  static constexpr const lyap_task_ops& ops = border::TaskTable<C>::ops;

  std::shared_ptr<lyap_task> create(const Words& words) {
    Options options;
    C::options(options);
    std::map<std::string, framework::OptionWords> given;
    for (const lyap_option& option : options.list())
      if (const auto word = words.find(option.name); word != words.end())
        given[word->first] = framework::option_words(option, word->second);
    REQUIRE(given.size() == words.size());
    const framework::CreateValues values("the task", options.list(), given);
    lyap_error error{};
    lyap_task* made =
        ops.create(values.values().data(), static_cast<std::uint32_t>(values.values().size()),
                   surroundings_.lent(), &error);
    if (!made) throw PluginError(error.code, error.text);
    return {made, ops.destroy};
  }
  void fetch(Split split, const Numbers& which, lyap_matrix input, lyap_matrix target) const {
    border::call(ops.fetch, task_.get(), static_cast<int>(split), which.data(), std::ssize(which),
                 input, target);
  }

  Surroundings surroundings_;
  std::shared_ptr<lyap_task> task_;
};

/// The sentence with which making the task, or a use of it, fails.
template <class F>
std::string said(F&& f) {
  try {
    f();
  } catch (const std::exception& e) {
    return e.what();
  }
  return "nothing";
}

/// An input asked for in pieces, put together again.
template <class C>
Matrix in_pieces(const MadeTask<C>& task, Split split, const Numbers& which,
                 const std::vector<Index>& pieces) {
  const Index total = std::accumulate(pieces.begin(), pieces.end(), Index{0});
  Matrix whole(task.shape().inputs, total * std::ssize(which));
  Index from = 0;
  for (const Index piece : pieces) {
    whole.middleCols(from * std::ssize(which), piece * std::ssize(which)) =
        task.drive(split, which, from, piece);
    from += piece;
  }
  return whole;
}

}  // namespace lyap::testing
