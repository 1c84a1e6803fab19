// split/settings.hpp - what a pipeline may say about a division of networks, and the sizes it
// gives.
#pragma once
#include <cmath>
#include <lyap/lyap.hpp>
#include <string>

#include "number_text.hpp"

namespace lyap::split {

/// Networks in each part.
struct Sizes {
  Index train = 0, validation = 0, test = 0;

  Index total() const { return train + validation + test; }
  void operator+=(const Sizes& other) {
    train += other.train, validation += other.validation, test += other.test;
  }
  /// The part of network i in order: 0 train, 1 validation, 2 test.
  int part_of(Index i) const { return i < train ? 0 : i < train + validation ? 1 : 2; }
};

struct Settings {
  double train, validation;
  bool random;

  static void declare(Options& o) {
    static constexpr const char* orders[] = {"random", "listed", nullptr};
    o.real("train").range(0, 1).fallback("0.7").doc(
        "fraction of the networks to train on, with what rounding leaves of the others");
    o.real("validation")
        .range(0, 1)
        .fallback("0.1")
        .doc("fraction of the networks for validation; the rest of both is the test part");
    o.choice("order", orders)
        .fallback("random")
        .doc("random: a permutation drawn from the run's seed; listed: as the table lists them");
  }
  explicit Settings(const Values& v)
      : train(v.real("train")), validation(v.real("validation")), random(v.is("order", "random")) {
    if (train <= 0)
      throw BadOption(
          "`train` is 0, which leaves no network to learn from; say a fraction above 0");
    if (test() < -rounding)
      throw BadOption("`train` " + analyses::number(train) + " and `validation` " +
                      analyses::number(validation) +
                      " are more than all networks; lower them so that their sum is at most 1");
  }

  double test() const { return 1 - train - validation; }

  Sizes sizes(Index count) const {
    Sizes sizes;
    sizes.validation = rounded_down(validation, count);
    sizes.test = rounded_down(test(), count);
    sizes.train = count - sizes.validation - sizes.test;
    return sizes;
  }

  std::string text() const {
    return "train " + analyses::number(train) + ", validation " + analyses::number(validation) +
           ", test " + analyses::number(std::abs(test()) < rounding ? 0 : test());
  }

 private:
  // 1 - 0.7 - 0.1 is not 0.2, and 20 % of 10 networks are two.
  static constexpr double rounding = 1e-9;
  static Index rounded_down(double fraction, Index count) {
    return static_cast<Index>(
        std::floor(std::max(0.0, fraction) * static_cast<double>(count) + rounding));
  }
};

}  // namespace lyap::split
