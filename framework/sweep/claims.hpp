// framework/sweep/claims.hpp - which points are being worked on, proved by locks.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>

namespace lyap::framework {

/// One file of a sweep's folder whose byte i is locked by whoever works on point i. The system
/// gives a lock back when its process ends, however it ends, so that a point is never lost to a
/// killed worker and no stored word has to be trusted. The locks are open file description locks
/// (Linux 3.15; shared folders: NFS 4).
class Claims {
 public:
  /// Made when missing. Error: cannot be opened.
  explicit Claims(const std::filesystem::path& file);
  Claims(const Claims&) = delete;
  Claims& operator=(const Claims&) = delete;
  ~Claims();

  /// True: the point is ours until release() or the end of the process. Error: the folder's file
  /// system has no locks.
  bool take(std::int64_t point);
  void release(std::int64_t point);
  /// Whether anybody else works on it.
  bool taken(std::int64_t point) const;

 private:
  std::filesystem::path path_;
  int descriptor_;
};

}  // namespace lyap::framework
