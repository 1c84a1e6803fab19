// apps/lyap/progress_line.hpp - how far a stage is, in one line that fits the terminal.
#pragma once
#include <cstdint>
#include <string>

namespace lyap::app {

struct Progress {
  std::string stage;
  std::int64_t done = 0, total = 1;
  double rate = 0;     ///< of `done`, per second; 0: not known yet
  bool bytes = false;  ///< what is counted is told as kB or MB
  std::string note;    ///< ends the line
};

/// "epoch 3        [######....] 40/94  12.3/s  4 s left", at most `columns` wide. Where that is too
/// narrow the bar shrinks and goes, then the rate goes.
std::string progress_line(const Progress& progress, int columns, bool colours);

/// "12 s", "4 min 10 s", "3 h 20 min".
std::string duration(double seconds);

/// "10.0 kB", "54.9 MB".
std::string size_text(std::int64_t bytes);

}  // namespace lyap::app
