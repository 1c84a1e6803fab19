// plugins/tasks/drawn_examples.hpp - numbered sequences that are drawn when they are asked for.
#pragma once
#include <lyap/host.hpp>
#include <lyap/options.hpp>
#include <lyap/task.hpp>

#include <string>

#include "splits.hpp"

namespace lyap::tasks {

/// Every sequence has a random stream of its own, named by its split and number: no two are the
/// same, and each is the same in whatever batch it comes.
class DrawnExamples {
 public:
  static void options(Options& o) {
    o.integer("train")
        .range(1, 1e7)
        .fallback("10000")
        .unit("sequences")
        .doc("training sequences, drawn from the seed of the run");
    o.integer("validation")
        .range(1, 1e7)
        .fallback("1000")
        .unit("sequences")
        .doc("validation sequences");
    o.integer("test").range(1, 1e7).fallback("1000").unit("sequences").doc("test sequences");
  }

  DrawnExamples(const Values& values, const Host& host)
      : host_(host),
        splits_{values.integer("train"), values.integer("validation"), values.integer("test")} {}

  void put_into(TaskShape& shape) const {
    splits_.put_into(shape);
    shape.drive_steps = shape.steps, shape.drive_count = splits_.in_each();
  }
  void check(const Request& request) const { splits_.check(request); }

  /// Fills `numbers` with the U(0, 1) draws of the b-th sequence asked for.
  void draw(const Request& request, Index b, Vector& numbers) const {
    host_.uniform(std::string(name_of(request.split)) + "/" +
                      std::to_string(request.which[static_cast<std::size_t>(b)]),
                  numbers);
  }

 private:
  Host host_;
  Splits splits_;
};

/// One of 0 .. count-1 from a number in [0, 1).
inline Index below(Index count, double uniform) {
  return static_cast<Index>(uniform * static_cast<double>(count));
}

}  // namespace lyap::tasks
