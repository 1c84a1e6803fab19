// apps/lyap/training_time.hpp - how long all epochs of a training still take.
#pragma once
#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/text.hpp"
#include "progress_line.hpp"

namespace lyap::app {

/// Trainers tell how far one epoch is, as the stage "epoch 3". [one thread]
class TrainingTime {
 public:
  explicit TrainingTime(std::int64_t epochs) : epochs_(epochs) {}

  /// "  all 15: 9 min 3 s left", validation between epochs included; nothing for other stages and
  /// in the first two seconds.
  std::string left(const std::string& stage, std::int64_t done, std::int64_t total) {
    const auto epoch =
        stage.starts_with("epoch ") ? framework::parse_integer(stage.substr(6)) : std::nullopt;
    if (!epoch || epochs_ < 2 || total < 1) return "";
    const double whole =
        static_cast<double>(*epoch - 1) + static_cast<double>(done) / static_cast<double>(total);
    if (!begin_) begin_ = Begin{whole, Clock::now()};
    const double seconds = std::chrono::duration<double>(Clock::now() - begin_->at).count();
    if (seconds < 2 || whole <= begin_->epochs) return "";
    const double remaining = static_cast<double>(epochs_) - whole;
    return fmt::format("  all {}: {} left", epochs_,
                       duration(remaining * seconds / (whole - begin_->epochs)));
  }

 private:
  using Clock = std::chrono::steady_clock;
  struct Begin {
    double epochs;
    Clock::time_point at;
  };
  std::int64_t epochs_;
  std::optional<Begin> begin_;
};

}  // namespace lyap::app
