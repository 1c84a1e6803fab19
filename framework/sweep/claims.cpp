// framework/sweep/claims.cpp - which points are being worked on, proved by locks.
#include "sweep/claims.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace lyap::framework {
namespace {

struct flock byte(std::int64_t point, short type) {
  struct flock lock = {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = point;
  lock.l_len = 1;
  return lock;
}

}  // namespace

Claims::Claims(const std::filesystem::path& file)
    : path_(file), descriptor_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
  if (descriptor_ < 0)
    throw Error(fmt::format("{}: cannot be opened ({})", file.string(), std::strerror(errno)));
}

Claims::~Claims() {
  ::close(descriptor_);
}

bool Claims::take(std::int64_t point) {
  struct flock lock = byte(point, F_WRLCK);
  if (::fcntl(descriptor_, F_OFD_SETLK, &lock) == 0) return true;
  if (errno == EAGAIN || errno == EACCES) return false;
  throw Error(
      fmt::format("{}: this file system gives no locks ({}); put the sweep on another with "
                  "--out",
                  path_.string(), std::strerror(errno)));
}

void Claims::release(std::int64_t point) {
  struct flock lock = byte(point, F_UNLCK);
  ::fcntl(descriptor_, F_OFD_SETLK, &lock);
}

bool Claims::taken(std::int64_t point) const {
  struct flock lock = byte(point, F_WRLCK);
  return ::fcntl(descriptor_, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

}  // namespace lyap::framework
