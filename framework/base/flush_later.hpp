// framework/base/flush_later.hpp - many small files reach the disk together instead of one by one.
#pragma once
#include <chrono>
#include <filesystem>
#include <vector>

namespace lyap::framework {

/// While one lives, but for a second at most, files that its thread completes are given their names
/// without being flushed to the disk; who makes it flushes their folder in the end. A power cut may
/// then leave names without bytes, of work that a second repeats. [A small network of a sweep:
/// 21 flushes one by one, half of its time]
class FlushLater {
 public:
  FlushLater();
  FlushLater(const FlushLater&) = delete;
  FlushLater& operator=(const FlushLater&) = delete;
  ~FlushLater();

  /// Whether a file that this thread completes now may be flushed later.
  static bool asked();

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  FlushLater* outer_;
};

/// Returns once all files and folders below these folders, and they themselves, are on the disk.
/// Error: the disk will not take them.
void flush_all(const std::vector<std::filesystem::path>& tops);

}  // namespace lyap::framework
