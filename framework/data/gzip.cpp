// framework/data/gzip.cpp - files that may be compressed with gzip.
#include "data/gzip.hpp"

#define ZLIB_CONST  // its input is not written to
#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.hpp"
#include "base/file.hpp"

namespace lyap::framework {
namespace {

constexpr std::string_view magic = "\x1f\x8b";
constexpr std::size_t largest = std::size_t{4} << 30;  // a few KiB can unpack to many times that

/// One run of zlib's decompressor over one gzip member after the other.
class Unpacker {
 public:
  Unpacker(const std::filesystem::path& path, std::string_view packed) : path_(path) {
    stream_.next_in = reinterpret_cast<const Bytef*>(packed.data());
    rest_ = packed.size();
    constexpr int gzip_only = 15 + 16;
    if (inflateInit2(&stream_, gzip_only) != Z_OK)
      throw InputError(fmt::format("'{}' cannot be unpacked: out of memory", path_.string()));
  }
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;
  ~Unpacker() { inflateEnd(&stream_); }

  std::string all() {
    std::string unpacked;
    for (;;) {
      const int status = step(unpacked);
      if (status == Z_STREAM_END) {
        if (left() == 0) return unpacked;
        if (!std::string_view(reinterpret_cast<const char*>(stream_.next_in), left())
                 .starts_with(magic))
          refuse(fmt::format("has {} bytes behind its compressed data", left()));
        inflateReset(&stream_);
      } else if (status == Z_BUF_ERROR) {
        refuse("is cut short: its compressed data do not end; fetch it again");
      } else if (status != Z_OK) {
        refuse(fmt::format("is damaged: {}; fetch it again",
                           stream_.msg ? stream_.msg : "its compressed data make no sense"));
      }
    }
  }

 private:
  [[noreturn]] void refuse(const std::string& complaint) const {
    throw InputError(fmt::format("'{}' {}", path_.string(), complaint));
  }

  std::size_t left() const { return rest_ + stream_.avail_in; }

  // zlib counts in 32 bits, so that it is fed piece by piece.
  int step(std::string& unpacked) {
    if (stream_.avail_in == 0) {
      stream_.avail_in = static_cast<uInt>(std::min<std::size_t>(rest_, 1 << 30));
      rest_ -= stream_.avail_in;
    }
    stream_.next_out = piece_.data();
    stream_.avail_out = static_cast<uInt>(piece_.size());
    const int status = inflate(&stream_, Z_NO_FLUSH);
    unpacked.append(reinterpret_cast<const char*>(piece_.data()),
                    piece_.size() - stream_.avail_out);
    if (unpacked.size() > largest) refuse("unpacks to more than 4 GiB");
    return status;
  }

  const std::filesystem::path& path_;
  z_stream stream_{};
  std::size_t rest_;  // not yet handed to zlib
  std::array<Bytef, 1 << 16> piece_;
};

}  // namespace

std::string read_plain_or_gzip(const std::filesystem::path& path) {
  std::string bytes = read_file(path);
  if (bytes.starts_with(magic)) return Unpacker(path, bytes).all();
  if (path.extension() == ".gz")
    throw InputError(fmt::format(
        "'{}' is not compressed, although its name ends in .gz; fetch it again or rename it",
        path.string()));
  return bytes;
}

}  // namespace lyap::framework
