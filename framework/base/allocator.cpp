// framework/base/allocator.cpp - which freed memory the process keeps.
#include "base/allocator.hpp"

#include <malloc.h>

namespace lyap::framework {

void return_large_blocks() {
#if defined(__GLIBC__)
  ::mallopt(M_MMAP_THRESHOLD, 8 << 20);
  // With a threshold of ours the heap's end would be trimmed at 128 KiB, and grow again.
  ::mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
}

}  // namespace lyap::framework
