// framework/data/idx.hpp - images and labels in the IDX files of MNIST and its relatives.
#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

namespace lyap::framework {

struct IdxImages {
  std::int64_t count, rows, columns;
  std::vector<std::uint8_t> pixels;  ///< image after image, row after row; 0 is background
};

/// Compressed with gzip or not.  InputError: the wrong kind of file, cut short, bytes too many; as
/// read_plain_or_gzip.  Format: LeCun, Cortes and Burges, "The MNIST database", file formats.
IdxImages read_idx_images(const std::filesystem::path& path);
std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& path);

/// Bytes with a shape, last index fastest.
struct IdxArray {
  std::vector<std::int64_t> shape;  ///< {count, rows, columns} of images, {count} of labels
  std::vector<std::uint8_t> bytes;
};

/// Images or labels, whichever the file holds; errors as above.
IdxArray read_idx(const std::filesystem::path& path);

}  // namespace lyap::framework
