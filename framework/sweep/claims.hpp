// framework/sweep/claims.hpp - which points are being worked on, proved by locks.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

namespace lyap::framework {

/// One file of a sweep's folder in which whoever works on a point locks the byte at the place that
/// the point's id, read as a number, names; so the claim stays when other points are added. The
/// system gives a lock back when its process ends, however it ends, so that a point is never lost
/// to a killed worker and no stored word has to be trusted. The locks are open file description
/// locks (Linux 3.15; shared folders: NFS 4).
class Claims {
 public:
  /// Made when missing. Error: cannot be opened.
  explicit Claims(const std::filesystem::path& file);
  Claims(const Claims&) = delete;
  Claims& operator=(const Claims&) = delete;
  ~Claims();

  /// True: the point is ours until release() or the end of the process. Error: the folder's file
  /// system has no locks.
  bool take(const std::string& id);
  void release(const std::string& id);
  /// Whether anybody else works on it.
  bool taken(const std::string& id) const;
  /// Waits until nobody else writes the sweep's own files; ours until the object goes.
  void take_files();

 private:
  [[noreturn]] void refuse() const;
  std::filesystem::path path_;
  int descriptor_;
};

}  // namespace lyap::framework
