// framework/base/flush_later.cpp - many small files reach the disk together.
#include "base/flush_later.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <vector>

#include "base/open_file.hpp"

namespace lyap::framework {
namespace fs = std::filesystem;
namespace {

thread_local FlushLater* innermost = nullptr;

/// Does not wait for it, and is a hint: what cannot be written is told when it is flushed.
void begin_to_write(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::sync_file_range(descriptor, 0, 0, SYNC_FILE_RANGE_WRITE);
  ::close(descriptor);
}

}  // namespace

FlushLater::FlushLater() : outer_(innermost) {
  innermost = this;
}

FlushLater::~FlushLater() {
  innermost = outer_;
}

bool FlushLater::asked() {
  return innermost &&
         std::chrono::steady_clock::now() - innermost->begin_ < std::chrono::seconds(1);
}

void flush_all(const std::vector<fs::path>& tops) {
  std::vector<fs::path> files, folders = tops;
  for (const fs::path& top : tops)
    for (const auto& entry : fs::recursive_directory_iterator(top))
      (entry.is_directory() ? folders : files).push_back(entry.path());
  // All of them are on their way before the first is waited for: the journal of the file system is
  // then written once.
  for (const fs::path& file : files) begin_to_write(file);
  for (const fs::path& file : files) OpenFile::to_read(file).flush_to_disk();
  for (const fs::path& path : folders) OpenFile::folder(path).flush_to_disk();
}

}  // namespace lyap::framework
