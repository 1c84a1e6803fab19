// framework/data/zip.cpp - several files in one, uncompressed: the container of .npz and .pt.
#include "data/zip.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <limits>

#include "base/error.hpp"

namespace lyap::framework {
namespace {

/// Little-endian, the lowest `bytes` of a number.
void put_number(std::string& text, std::uint64_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(number >> 8 * i);
}

constexpr std::size_t alignment = 64;

}  // namespace

ZipFile::ZipFile(const std::filesystem::path& target) : target_(target), file_(target) {}

void ZipFile::put(std::string_view bytes) {
  written_ += bytes.size();
  if (written_ > std::numeric_limits<std::uint32_t>::max())
    throw Error(fmt::format(
        "'{}' would be larger than 4 GiB, which this form cannot be; export less at a time",
        target_.string()));
  file_.write(bytes);
}

std::string ZipFile::common_header(const Entry& entry, std::size_t extra) const {
  std::string text;
  put_number(text, 10, 2);       // version that is needed to extract: stored files
  put_number(text, 1 << 11, 2);  // flags: names are UTF-8
  put_number(text, 0, 2);        // method: stored
  put_number(text, 0, 2);        // time
  put_number(text, 0x21, 2);     // date: 1980-01-01, so that equal contents are equal bytes
  put_number(text, entry.checksum, 4);
  put_number(text, entry.size, 4);
  put_number(text, entry.size, 4);
  put_number(text, entry.name.size(), 2);
  put_number(text, extra, 2);
  return text;
}

void ZipFile::add(const std::string& name, std::string_view contents) {
  const Entry entry{name,
                    static_cast<std::uint32_t>(crc32_z(
                        0, reinterpret_cast<const Bytef*>(contents.data()), contents.size())),
                    static_cast<std::uint32_t>(contents.size()),
                    static_cast<std::uint32_t>(written_)};
  // An extra field, "FB" as PyTorch's own, moves the contents to a multiple of 64.
  constexpr std::size_t header = 30, field = 4;
  const std::size_t before = written_ + header + name.size() + field;
  const std::size_t padding = (alignment - before % alignment) % alignment;
  std::string text = "PK\x03\x04" + common_header(entry, field + padding) + name + "FB";
  put_number(text, padding, 2);
  put(text + std::string(padding, 'Z'));
  put(contents);
  entries_.push_back(entry);
}

void ZipFile::close() {
  const std::uint64_t begin = written_;
  for (const Entry& entry : entries_) {
    std::string text = "PK\x01\x02";
    put_number(text, 10, 2);  // version that made it
    text += common_header(entry, 0);
    put_number(text, 0, 2);  // length of a comment
    put_number(text, 0, 2);  // disk
    put_number(text, 0, 2);  // internal and
    put_number(text, 0, 4);  // external attributes
    put_number(text, entry.offset, 4);
    put(text + entry.name);
  }
  const std::uint64_t size = written_ - begin;
  std::string end = "PK\x05\x06";
  put_number(end, 0, 4);  // disks
  put_number(end, entries_.size(), 2);
  put_number(end, entries_.size(), 2);
  put_number(end, size, 4);
  put_number(end, begin, 4);
  put_number(end, 0, 2);  // length of a comment
  put(end);
  file_.commit();
}

}  // namespace lyap::framework
