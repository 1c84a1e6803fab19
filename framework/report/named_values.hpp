// framework/report/named_values.hpp - what a chart of networks refers to: columns of the table,
// results of measures and studies, and axes.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "report/found.hpp"

namespace lyap::framework {

/// Numbers, and their words where they are codes.
struct NamedValues {
  MeasuredArray array;
  std::vector<std::string> words;
  std::string title;  ///< with unit, and the place that was picked
};

/// "trials.loss", "aelle.coordinate.1", "statistics.value.mean": the name of a step or `trials`, a
/// result or column, and a place of its last axis - a number from 1, or a word. Of several seeds
/// the first. Nothing when there is no such thing.
std::optional<NamedValues> named_values(const Found& found, const std::string& reference);

/// One value for each element of an array, from an axis of it, or from values over some of its
/// axes.
class Alongside {
 public:
  /// Nothing when `reference` is neither an axis of `array` nor values along axes that it has.
  static std::optional<Alongside> make(const Found& found, const NamedValues& array,
                                       const ResultGroup* group, const std::string& reference);

  bool has_words() const { return !words_.empty(); }
  const std::string& title() const { return title_; }
  const std::vector<std::string>& words() const { return words_; }
  /// Of the element at these places: a number, NaN when it is missing.
  double number(const std::vector<std::int64_t>& places) const;
  std::string word(const std::vector<std::int64_t>& places) const;

 private:
  std::string title_;
  std::vector<std::string> words_;
  std::vector<double> numbers_;
  std::vector<std::pair<std::size_t, std::int64_t>>
      strides_;  // axis of the array, stride in values
};

/// The results that a reference belongs to; null for columns of the table.
const ResultGroup* group_of(const Found& found, const std::string& reference);

}  // namespace lyap::framework
