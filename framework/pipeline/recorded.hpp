// framework/pipeline/recorded.hpp - what one column of the table of networks holds.
#pragma once
#include <optional>
#include <string>

#include "pipeline/mistakes.hpp"
#include "pipeline/step.hpp"

namespace lyap::framework {

/// The expression of a column under `record`:
///
///     $gain                          a variable of the sweep
///     train.validation_loss          a figure of the epoch whose weights were kept
///     train.seconds                  of all training; with epochs: of each from 1 on
///     train.best_epoch               the epoch that was best
///     le.spectrum                    a result, at the last checkpoint that was measured
///     le.seconds                     what the measurement took
///     cell.parameters                how many weights the network has
///
/// Figures and results followed by epochs, `le.spectrum[0, 1, 5]` or `[every]`, are those of these
/// epochs, along the axis `checkpoint`.
struct Recorded {
  enum class What { Variable, Figure, TrainingSeconds, BestEpoch, Result, Seconds, Parameters };
  What what = What::Result;
  std::string step;          ///< "le"; of a variable, its name
  std::string name;          ///< "spectrum", "validation_loss"
  std::optional<Epochs> at;  ///< what stands in the brackets
};

/// Adds a mistake and returns nothing for text that is none of these.
std::optional<Recorded> read_recorded(const std::string& expression, const Place& place,
                                      Mistakes& mistakes);

}  // namespace lyap::framework
