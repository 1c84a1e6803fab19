// plugins/tasks/splits.hpp - how many sequences each split has.
#pragma once
#include <lyap/task.hpp>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

namespace lyap::tasks {

inline const char* name_of(Split split) {
  return split == Split::Train ? "training" : split == Split::Validation ? "validation" : "test";
}

struct Splits {
  Index train = 0, validation = 0, test = 0;

  Index operator[](Split split) const {
    return split == Split::Train ? train : split == Split::Validation ? validation : test;
  }
  /// `count` things in order: the floors of the two shares, and the rest is the test split.
  /// BadOption: not two shares, or more than everything.
  static Splits shared(Index count, std::span<const double> shares) {
    if (shares.size() != 2 || shares[0] + shares[1] > 1 + 1e-9)
      throw BadOption(
          "`fractions` takes the shares of the training and the validation split, of at most 1 "
          "together, e.g. [0.8, 0.1]; the rest is the test split");
    // 0.29 * 100 is 28.999999999999996.
    const auto floor_of = [&](double share) {
      return static_cast<Index>(std::floor(share * static_cast<double>(count) + 1e-9));
    };
    const Index train = floor_of(shares[0]);
    const Index validation = std::min(floor_of(shares[1]), count - train);
    return {train, validation, count - train - validation};
  }
  /// Numbers that every split has a sequence for; 0 when one is empty.
  Index in_each() const { return std::min({train, validation, test}); }
  /// BadShape: a sequence is asked for that its split does not have.
  void check(const Request& request) const {
    const Index size = (*this)[request.split];
    for (const std::int64_t number : request.which)
      if (number < 0 || number >= size)
        throw BadShape("sequence " + std::to_string(number) + " of the " + name_of(request.split) +
                       " split is asked for, which has " + std::to_string(size) +
                       (size > 0 ? "; ask for fewer" : "; take another split"));
  }
  void put_into(TaskShape& shape) const {
    shape.train = train, shape.validation = validation, shape.test = test;
  }
};

}  // namespace lyap::tasks
