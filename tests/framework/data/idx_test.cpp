// tests/framework/data/idx_test.cpp - images and labels, and the sentences for wrong files.
#include "data/idx.hpp"

#include <doctest/doctest.h>

#include <numeric>

#include "../temporary_folder.hpp"
#include "base/error.hpp"
#include "gzip_bytes.hpp"

using namespace lyap::framework;

namespace {

std::string header_of(const std::vector<std::uint32_t>& numbers) {
  std::string bytes;
  for (const std::uint32_t number : numbers)
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift);
  return bytes;
}

std::string two_images() {
  std::string pixels(12, '\0');
  std::iota(pixels.begin(), pixels.end(), static_cast<char>(250));  // 250 .. 255, 0 .. 5
  return header_of({2051, 2, 3, 2}) + pixels;
}

std::string three_labels() {
  return header_of({2049, 3}) + std::string("\x05\x00\x09", 3);
}

// The sentence with which the bytes are refused as images or labels, after the file's name.
template <class Read>
std::string complaint(Read read, const std::string& bytes) {
  const TemporaryFolder folder;
  const std::string path = folder.file("data", bytes);
  try {
    read(path);
  } catch (const InputError& refusal) {
    const std::string sentence = refusal.what(), start = "'" + path + "' ";
    REQUIRE(sentence.starts_with(start));
    return sentence.substr(start.size());
  }
  return "(accepted)";
}
std::string about_images(const std::string& bytes) {
  return complaint(read_idx_images, bytes);
}
std::string about_labels(const std::string& bytes) {
  return complaint(read_idx_labels, bytes);
}

}  // namespace

TEST_CASE("images come one after the other, row after row, packed or not") {
  const TemporaryFolder folder;
  for (const auto& path :
       {folder.file("plain", two_images()), folder.file("packed.gz", gzip_bytes(two_images()))}) {
    const IdxImages images = read_idx_images(path);
    CHECK(images.count == 2);
    CHECK(images.rows == 3);
    CHECK(images.columns == 2);
    CHECK(images.pixels ==
          std::vector<std::uint8_t>{250, 251, 252, 253, 254, 255, 0, 1, 2, 3, 4, 5});
  }
}

TEST_CASE("labels are bytes, packed or not") {
  const TemporaryFolder folder;
  const std::vector<std::uint8_t> labels = {5, 0, 9};
  CHECK(read_idx_labels(folder.file("plain", three_labels())) == labels);
  CHECK(read_idx_labels(folder.file("packed.gz", gzip_bytes(three_labels()))) == labels);
}

TEST_CASE("images and labels are not taken for each other or for anything else") {
  CHECK(about_images(three_labels()) ==
        "is an IDX file of labels; an IDX file of images is needed");
  CHECK(about_labels(two_images()) == "is an IDX file of images; an IDX file of labels is needed");
  CHECK(about_images("<html>404 not found</html>") ==
        "is not an IDX file of images: it begins with 1013478509 instead of 2051");
  CHECK(about_images("") == "is not an IDX file of images: it has 0 bytes");
  CHECK(about_labels("abc") == "is not an IDX file of labels: it has 3 bytes");
}

TEST_CASE("the number of bytes must be what the header says") {
  CHECK(about_images(header_of({2051, 2})) == "is cut short within its header");
  CHECK(about_images(header_of({2051, 3, 3, 2}) + std::string(12, 'x')) ==
        "is cut short: it should hold 3 images of 3 x 2, but has room for 2");
  CHECK(about_images(two_images() + "abcd") == "has 4 bytes behind its last item");
  CHECK(about_labels(header_of({2049, 7}) + "abc") ==
        "is cut short: it should hold 7 labels, but has room for 3");
  CHECK(about_labels(three_labels() + "x") == "has 1 bytes behind its last item");
  CHECK(about_images(header_of({2051, 0, 28, 28})) == "holds no pixels: 0 images of 28 x 28");
  CHECK(about_images(header_of({2051, 4, 0, 28})) == "holds no pixels: 4 images of 0 x 28");
  CHECK(about_labels(header_of({2049, 0})) == "holds no labels");
  CHECK(about_images(header_of({2051, 1, 0xffffffff, 0xffffffff})) ==
        "has impossible images of 4294967295 x 4294967295");
  CHECK(about_images(header_of({2051, 0xffffffff, 0xffffffff, 2})) ==
        "is cut short: it should hold 4294967295 images of 4294967295 x 2, but has room for 0");
}

TEST_CASE("an IDX file cut at any byte is refused, packed or not") {
  for (const std::string& whole : {two_images(), gzip_bytes(two_images())})
    for (std::size_t length = 0; length < whole.size(); ++length) {
      CAPTURE(length);
      CHECK(about_images(whole.substr(0, length)) != "(accepted)");
    }
  for (const std::string& whole : {three_labels(), gzip_bytes(three_labels())})
    for (std::size_t length = 0; length < whole.size(); ++length) {
      CAPTURE(length);
      CHECK(about_labels(whole.substr(0, length)) != "(accepted)");
    }
}
