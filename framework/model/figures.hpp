// framework/model/figures.hpp - a task's own figures of a whole split.
#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace lyap::framework {

using Figures = std::vector<std::pair<std::string, double>>;  ///< "persistence", 0.019

/// Means over sequences, from means over batches of them.
class FigureMeans {
 public:
  void add(const Figures& of_batch, std::int64_t sequences) {
    for (const auto& [name, mean] : of_batch)
      add({name, mean * static_cast<double>(sequences), sequences});
  }
  void add(const FigureMeans& others) {
    for (const Sum& sum : others.sums_) add(sum);
  }
  Figures means() const {
    Figures figures;
    for (const Sum& sum : sums_)
      figures.emplace_back(sum.name, sum.value / static_cast<double>(sum.sequences));
    return figures;
  }

 private:
  struct Sum {
    std::string name;
    double value;
    std::int64_t sequences;
  };
  void add(const Sum& sum) {
    const auto known = std::find_if(sums_.begin(), sums_.end(),
                                    [&](const Sum& other) { return other.name == sum.name; });
    if (known == sums_.end())
      sums_.push_back(sum);
    else
      known->value += sum.value, known->sequences += sum.sequences;
  }
  std::vector<Sum> sums_;
};

}  // namespace lyap::framework
