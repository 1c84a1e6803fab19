// tests/plugins/tasks/image_files.hpp - small data sets in the form of MNIST.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "../../framework/temporary_folder.hpp"

namespace lyap::testing {

using Bytes = std::vector<std::uint8_t>;

/// An IDX file: two zeros, type 8 (bytes), the number of extents, the extents, the bytes.
inline std::string idx(const std::vector<std::uint32_t>& extents, const Bytes& bytes) {
  std::string file{'\0', '\0', '\x08', static_cast<char>(extents.size())};
  for (const std::uint32_t extent : extents)
    for (int shift = 24; shift >= 0; shift -= 8) file += static_cast<char>(extent >> shift);
  return file + std::string(bytes.begin(), bytes.end());
}

/// Pixel p of training image i is (i + p) mod 251, of test image i (100 + i + p) mod 251; labels
/// are 3 i mod 10 and 7 i mod 10.
inline std::uint8_t pixel_of(bool test, int image, int pixel) {
  return static_cast<std::uint8_t>(((test ? 100 : 0) + image + pixel) % 251);
}

/// A folder with the four files below mnist/.
class ImageFiles {
 public:
  ImageFiles(int train, int test) {
    write("train", false, train, 3);
    write("t10k", true, test, 7);
  }
  const std::filesystem::path& path() const { return folder_.path(); }
  /// Puts another file in the place of one of the four, "train-labels-idx1-ubyte".
  std::string replace(const std::string& name, const std::string& bytes) const {
    return folder_.file("mnist/" + name, bytes).string();
  }

 private:
  void write(const std::string& part, bool test, int count, int factor) const {
    Bytes pixels, labels;
    for (int image = 0; image < count; ++image) {
      for (int pixel = 0; pixel < 784; ++pixel) pixels.push_back(pixel_of(test, image, pixel));
      labels.push_back(static_cast<std::uint8_t>(factor * image % 10));
    }
    const auto many = static_cast<std::uint32_t>(count);
    replace(part + "-images-idx3-ubyte", idx({many, 28, 28}, pixels));
    replace(part + "-labels-idx1-ubyte", idx({many}, labels));
  }
  TemporaryFolder folder_;
};

}  // namespace lyap::testing
