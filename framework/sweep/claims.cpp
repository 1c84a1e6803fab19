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

struct flock lock_at(std::int64_t byte, short type) {
  struct flock lock = {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  return lock;
}

/// 12 hexadecimal digits: below 2^48.
struct flock lock_of(const std::string& id, short type) {
  return lock_at(std::stoll(id, nullptr, 16), type);
}

constexpr std::int64_t files_byte = std::int64_t{1} << 48;

}  // namespace

Claims::Claims(const std::filesystem::path& file)
    : path_(file), descriptor_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
  if (descriptor_ < 0)
    throw Error(fmt::format("{}: cannot be opened ({})", file.string(), std::strerror(errno)));
}

Claims::~Claims() {
  ::close(descriptor_);
}

bool Claims::take(const std::string& id) {
  struct flock lock = lock_of(id, F_WRLCK);
  if (::fcntl(descriptor_, F_OFD_SETLK, &lock) == 0) return true;
  if (errno == EAGAIN || errno == EACCES) return false;
  refuse();
}

void Claims::release(const std::string& id) {
  struct flock lock = lock_of(id, F_UNLCK);
  ::fcntl(descriptor_, F_OFD_SETLK, &lock);
}

bool Claims::taken(const std::string& id) const {
  struct flock lock = lock_of(id, F_WRLCK);
  return ::fcntl(descriptor_, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

void Claims::take_files() {
  struct flock lock = lock_at(files_byte, F_WRLCK);
  while (::fcntl(descriptor_, F_OFD_SETLKW, &lock) != 0)
    if (errno != EINTR) refuse();
}

void Claims::refuse() const {
  throw Error(
      fmt::format("{}: this file system gives no locks ({}); put the sweep on another with "
                  "--out",
                  path_.string(), std::strerror(errno)));
}

}  // namespace lyap::framework
