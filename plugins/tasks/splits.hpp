// plugins/tasks/splits.hpp - how many sequences each split has.
#pragma once
#include <lyap/task.hpp>

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
  /// The size of the smallest split that has any sequence.
  Index smallest() const {
    Index least = 0;
    for (const Index size : {train, validation, test})
      if (size > 0 && (least == 0 || size < least)) least = size;
    return least;
  }
  /// BadShape: a sequence is asked for that its split does not have.
  void check(const Request& request) const {
    const Index size = (*this)[request.split];
    for (const std::int64_t number : request.which)
      if (number < 0 || number >= size)
        throw BadShape("sequence " + std::to_string(number) + " of the " + name_of(request.split) +
                       " split is asked for, which has " + std::to_string(size) +
                       "; ask for fewer sequences");
  }
  void put_into(TaskShape& shape) const {
    shape.train = train, shape.validation = validation, shape.test = test;
  }
};

}  // namespace lyap::tasks
