// framework/base/allocator.hpp - which freed memory the process keeps.
#pragma once

namespace lyap::framework {

/// For the start of a program: matrices of 8 MiB and more go back to the system when they are
/// freed. By default glibc keeps such blocks after a few of them, in holes that the next ones do
/// not fit into: a second spectrum of 512 units then took a tenth more memory than the first.
void return_large_blocks();

}  // namespace lyap::framework
