// plugins/tasks/sequence_array.hpp - a .npy file seen as numbered sequences of columns.
#pragma once
#include <lyap/host.hpp>

#include <cmath>
#include <utility>

#include "data_file.hpp"

namespace lyap::tasks {

/// A file's numbers as `count` sequences of `steps` columns of `rows` numbers.
class SequenceArray {
 public:
  SequenceArray(File file, Index count, Index steps, Index rows)
      : file_(std::move(file)), count_(count), steps_(steps), rows_(rows) {}

  const File& file() const { return file_; }
  Index count() const { return count_; }
  Index steps() const { return steps_; }
  Index rows() const { return rows_; }

  auto column(std::int64_t sequence, Index step) const {
    return Eigen::Map<const Vector>(file_.doubles().data() + (sequence * steps_ + step) * rows_,
                                    rows_);
  }

 private:
  File file_;
  Index count_, steps_, rows_;
};

/// BadData: no number at all, or one that is not finite, told with its index.
inline void check_numbers(const File& file) {
  if (file.size() == 0) throw BadData(file.path() + " holds no number");
  const auto numbers = file.doubles();
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (!std::isfinite(numbers[i]))
      throw BadData(file.path() + ": the number at " +
                    index_of(file, static_cast<std::int64_t>(i)) + " is " +
                    (std::isnan(numbers[i]) ? "NaN" : "infinite") +
                    "; replace or leave out what is not finite");
}

}  // namespace lyap::tasks
