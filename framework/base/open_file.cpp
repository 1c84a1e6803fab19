// framework/base/open_file.cpp - an open file, closed with its object; every failure is a sentence.
#include "base/open_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/error.hpp"

namespace lyap::framework {
namespace {

std::string reason(int code) {
  return std::generic_category().message(code);
}

InputError cannot_read(const std::filesystem::path& path, int code) {
  const std::string name = path.string();
  switch (code) {
    case ENOENT:
    case ENOTDIR:
      return InputError(fmt::format("there is no file '{}'", name));
    case EISDIR:
      return InputError(fmt::format("'{}' is a directory; a file is needed", name));
    case EACCES:
    case EPERM:
      return InputError(
          fmt::format("'{}' cannot be read: permission denied; see its owner and mode", name));
    default:
      return InputError(fmt::format("'{}' cannot be read: {}", name, reason(code)));
  }
}

InputError cannot_create(const std::filesystem::path& target, int code) {
  const std::string folder = target.has_parent_path() ? target.parent_path().string() : ".";
  switch (code) {
    case ENOENT:
    case ENOTDIR:
      return InputError(
          fmt::format("'{}' cannot be written: there is no folder '{}'", target.string(), folder));
    case EISDIR:
      return InputError(fmt::format("'{}' cannot be written: it is a directory", target.string()));
    case EACCES:
    case EPERM:
    case EROFS:
      return InputError(fmt::format("'{}' cannot be written: the folder '{}' is not writable",
                                    target.string(), folder));
    default:
      return InputError(fmt::format("'{}' cannot be written: {}", target.string(), reason(code)));
  }
}

Error cannot_write(const std::filesystem::path& path, int code) {
  if (code == ENOSPC || code == EDQUOT)
    return Error(fmt::format("'{}' cannot be written: the disk is full; free some space and repeat",
                             path.string()));
  return Error(fmt::format("'{}' cannot be written: {}", path.string(), reason(code)));
}

// Opening is the one call that signals interrupt for long: slow network folders.
int open_retrying(const std::filesystem::path& path, int flags) {
  int descriptor;
  do descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0666);
  while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

struct stat status_of(int descriptor, const std::filesystem::path& path) {
  struct stat status;
  if (::fstat(descriptor, &status) != 0) throw cannot_read(path, errno);
  return status;
}

}  // namespace

OpenFile OpenFile::to_read(const std::filesystem::path& path) {
  const int descriptor = open_retrying(path, O_RDONLY);
  if (descriptor < 0) throw cannot_read(path, errno);
  OpenFile file(path, path, descriptor);
  if (S_ISDIR(status_of(descriptor, path).st_mode)) throw cannot_read(path, EISDIR);
  return file;
}

OpenFile OpenFile::to_append(const std::filesystem::path& path) {
  const int descriptor = open_retrying(path, O_WRONLY | O_CREAT | O_APPEND);
  if (descriptor < 0) {
    const int code = errno;
    if (std::error_code ignored; std::filesystem::exists(path, ignored) && code == EACCES)
      throw InputError(fmt::format(
          "'{}' cannot be written: permission denied; see its owner and mode", path.string()));
    throw cannot_create(path, code);
  }
  return {path, path, descriptor};
}

OpenFile OpenFile::folder(const std::filesystem::path& path) {
  const int descriptor = open_retrying(path, O_RDONLY | O_DIRECTORY);
  if (descriptor < 0) throw cannot_read(path, errno);
  return {path, path, descriptor};
}

OpenFile OpenFile::temporary_for(const std::filesystem::path& target) {
  if (std::error_code ignored; std::filesystem::is_directory(target, ignored))
    throw cannot_create(target, EISDIR);
  for (int attempt = 0;; ++attempt) {
    // Hidden, and with our process in its name: a leftover is seen to be one.
    const std::string name =
        fmt::format(".{}.{}-{}.tmp", target.filename().string(), ::getpid(), attempt);
    const std::filesystem::path path = target.parent_path() / name;
    const int descriptor = open_retrying(path, O_WRONLY | O_CREAT | O_EXCL);
    if (descriptor >= 0) return {path, target, descriptor};
    if (errno != EEXIST) throw cannot_create(target, errno);
  }
}

OpenFile::OpenFile(std::filesystem::path path, std::filesystem::path called, int descriptor)
    : path_(std::move(path)), called_(std::move(called)), descriptor_(descriptor) {}

OpenFile::OpenFile(OpenFile&& other) noexcept
    : path_(std::move(other.path_)),
      called_(std::move(other.called_)),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::int64_t OpenFile::size() const {
  return status_of(descriptor_, path_).st_size;
}

std::size_t OpenFile::read(std::span<char> bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::read(descriptor_, bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw cannot_read(path_, errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

void OpenFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t taken = ::write(descriptor_, bytes.data(), bytes.size());
    if (taken < 0 && errno == EINTR) continue;
    if (taken < 0) throw cannot_write(called_, errno);
    bytes.remove_prefix(static_cast<std::size_t>(taken));
  }
}

void OpenFile::flush_to_disk() {
  // EINVAL: pipes and some network folders have nothing to flush.
  if (::fsync(descriptor_) != 0 && errno != EINVAL) throw cannot_write(called_, errno);
}

}  // namespace lyap::framework
