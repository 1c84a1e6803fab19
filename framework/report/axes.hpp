// framework/report/axes.hpp - arrays cut along their axes, and what the places of an axis are
// called.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "run/results.hpp"

namespace lyap::framework {

/// Where the axis stands; nothing when the array has none of that name.
std::optional<std::size_t> axis_of(const MeasuredArray& array, const std::string& name);
bool has_axis(const MeasuredArray& array, const std::string& name);
/// The extent of the axis; 0 when there is none.
std::int64_t extent_of(const MeasuredArray& array, const std::string& name);

/// The part at one place of an axis, without the axis; the array itself when it has no such axis.
MeasuredArray picked(const MeasuredArray& array, const std::string& axis, std::int64_t place);
/// Without the axes that have one place.
MeasuredArray squeezed(MeasuredArray array);

/// Mean, sample standard deviation and standard error of the finite numbers along some axes, which
/// go; each of the shape that remains.
struct Averages {
  MeasuredArray mean, deviation, error;
  std::int64_t count = 1;  ///< numbers behind each mean
};
Averages averaged(const MeasuredArray& array, const std::vector<std::string>& axes);

/// Index of an element along every axis.
std::vector<std::int64_t> places_of(const MeasuredArray& array, std::int64_t element);

/// Results of one measure or study that belong together.
struct ResultGroup {
  std::string name, analysis;
  std::vector<MeasuredArray> arrays;                       ///< in the order they were given
  std::vector<std::pair<std::string, std::string>> notes;  ///< about all of them

  const MeasuredArray* find(const std::string& port) const;
  const std::string* note(const std::string& key) const;
  /// Numbers along an axis: those of the result that is named like it, or that gives the steps of a
  /// history. None: 0, 1, 2 ... are meant.
  const MeasuredArray* coordinate(const std::string& axis) const;
  /// What the places of an axis of this array are called: the words of the axis, what a note lists
  /// ("weights" or "weight_names": "W, U"), "epoch 3", or numbers.
  std::vector<std::string> names(const MeasuredArray& array, const std::string& axis) const;
  /// Whether an axis has words rather than numbers.
  bool has_words(const MeasuredArray& array, const std::string& axis) const;

 private:
  std::vector<std::string> listed(const MeasuredArray& array, const std::string& axis) const;
};

}  // namespace lyap::framework
