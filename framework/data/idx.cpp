// framework/data/idx.cpp - images and labels in the IDX files of MNIST and its relatives.
#include "data/idx.hpp"

#include <fmt/format.h>

#include <string>

#include "base/error.hpp"
#include "data/gzip.hpp"

namespace lyap::framework {
namespace {

constexpr std::int64_t images_magic = 2051, labels_magic = 2049;

std::string name_of(std::int64_t magic) {
  if (magic == images_magic) return "an IDX file of images";
  if (magic == labels_magic) return "an IDX file of labels";
  return fmt::format("an IDX file of bytes (it begins with {})", magic);
}

/// Reads one file from front to back; every complaint begins with its name.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& path)
      : path_(path), bytes_(read_plain_or_gzip(path)) {}

  void require_magic(std::int64_t expected) {
    if (bytes_.size() < 4)
      refuse(fmt::format("is not {}: it has {} bytes", name_of(expected), bytes_.size()));
    const std::int64_t magic = number();
    if (magic == expected) return;
    const bool other = magic == images_magic || magic == labels_magic;
    refuse(other ? fmt::format("is {}; {} is needed", name_of(magic), name_of(expected))
                 : fmt::format("is not {}: it begins with {} instead of {}", name_of(expected),
                               magic, expected));
  }

  bool holds_labels() const {
    return bytes_.size() >= 4 && bytes_[2] == labels_magic >> 8 &&
           bytes_[3] == (labels_magic & 0xff);
  }

  // Big-endian, 32 bits.
  std::int64_t number() {
    if (bytes_.size() - at_ < 4) refuse("is cut short within its header");
    std::int64_t value = 0;
    for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes_[at_++]);
    return value;
  }

  // All that follows: `count` items of `size` bytes each.
  std::vector<std::uint8_t> rest(std::int64_t count, std::int64_t size, const std::string& items) {
    std::int64_t needed = 0;
    const auto left = static_cast<std::int64_t>(bytes_.size() - at_);
    if (__builtin_mul_overflow(count, size, &needed) || left < needed)
      refuse(fmt::format("is cut short: it should hold {} {}, but has room for {}", count, items,
                         left / size));
    if (left > needed) refuse(fmt::format("has {} bytes behind its last item", left - needed));
    return {bytes_.begin() + static_cast<std::ptrdiff_t>(at_), bytes_.end()};
  }

  [[noreturn]] void refuse(const std::string& complaint) const {
    throw InputError(fmt::format("'{}' {}", path_.string(), complaint));
  }

 private:
  const std::filesystem::path& path_;
  const std::string bytes_;
  std::size_t at_ = 0;
};

IdxImages images_of(Reader& reader) {
  reader.require_magic(images_magic);
  IdxImages images{reader.number(), reader.number(), reader.number(), {}};
  if (images.count == 0 || images.rows == 0 || images.columns == 0)
    reader.refuse(fmt::format("holds no pixels: {} images of {} x {}", images.count, images.rows,
                              images.columns));
  std::int64_t size = 0;
  if (__builtin_mul_overflow(images.rows, images.columns, &size))
    reader.refuse(fmt::format("has impossible images of {} x {}", images.rows, images.columns));
  images.pixels = reader.rest(images.count, size,
                              fmt::format("images of {} x {}", images.rows, images.columns));
  return images;
}

std::vector<std::uint8_t> labels_of(Reader& reader) {
  reader.require_magic(labels_magic);
  const std::int64_t count = reader.number();
  if (count == 0) reader.refuse("holds no labels");
  return reader.rest(count, 1, "labels");
}

}  // namespace

IdxImages read_idx_images(const std::filesystem::path& path) {
  Reader reader(path);
  return images_of(reader);
}

std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& path) {
  Reader reader(path);
  return labels_of(reader);
}

IdxArray read_idx(const std::filesystem::path& path) {
  Reader reader(path);
  if (!reader.holds_labels()) {
    IdxImages images = images_of(reader);
    return {{images.count, images.rows, images.columns}, std::move(images.pixels)};
  }
  std::vector<std::uint8_t> labels = labels_of(reader);
  const auto count = static_cast<std::int64_t>(labels.size());
  return {{count}, std::move(labels)};
}

}  // namespace lyap::framework
