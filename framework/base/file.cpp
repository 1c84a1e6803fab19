// framework/base/file.cpp - whole files: read in one go, written complete or not at all.
#include "base/file.hpp"

#include <fmt/format.h>

#include <array>
#include <new>
#include <stdexcept>

#include "base/error.hpp"
#include "base/flush_later.hpp"
#include "base/sha256.hpp"

namespace lyap::framework {
namespace {

constexpr std::size_t piece = 1 << 16;

std::string with_room_for(std::int64_t size, const std::filesystem::path& path) try {
  return std::string(static_cast<std::size_t>(size), '\0');
} catch (const std::exception&) {  // bad_alloc or length_error
  throw InputError(fmt::format("'{}' is too large for the memory: {} bytes", path.string(), size));
}

// The new name itself must survive a power cut; a folder that cannot be flushed is no failure.
void flush_folder_of(const std::filesystem::path& path) try {
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  OpenFile::folder(folder).flush_to_disk();
} catch (const Error&) {
}

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  OpenFile file = OpenFile::to_read(path);
  const std::int64_t size = file.size();
  std::string bytes = with_room_for(size, path);
  if (file.read(bytes) < bytes.size())
    throw InputError(fmt::format(
        "'{}' became shorter while it was read; try again when it is complete", path.string()));
  // Pipes and files that grow: their size was not the whole of it.
  std::array<char, piece> more;
  while (const std::size_t got = file.read(more)) bytes.append(more.data(), got);
  return bytes;
}

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

std::string sha256_of_file(const std::filesystem::path& path) {
  OpenFile file = OpenFile::to_read(path);
  Sha256 hash;
  std::array<char, piece> bytes;
  while (const std::size_t got = file.read(bytes)) hash.add({bytes.data(), got});
  return hash.hexadecimal();
}

AtomicFile::AtomicFile(std::filesystem::path target)
    : target_(std::move(target)), file_(OpenFile::temporary_for(target_)) {}

AtomicFile::~AtomicFile() {
  std::error_code ignored;
  if (!committed_) std::filesystem::remove(temporary(), ignored);
}

void AtomicFile::commit() {
  const bool flush = !FlushLater::asked();
  if (flush) file_.flush_to_disk();
  std::error_code failure;
  std::filesystem::rename(temporary(), target_, failure);
  if (failure)
    throw Error(fmt::format("'{}' cannot be written: {}", target_.string(), failure.message()));
  committed_ = true;
  if (flush) flush_folder_of(target_);
}

}  // namespace lyap::framework
