// framework/data/npy.hpp - one array in a .npy file, as numpy.save writes it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace lyap::framework {

/// Numbers with a shape, last index fastest; a single number has no extents.
struct Array {
  std::vector<std::int64_t> shape;
  std::vector<double> values;
};

/// Reads float32 and 64, integers and booleans in C or Fortran order, format 1 to 3; integers
/// beyond 2^53 are rounded.  InputError: not a .npy file, cut short, big-endian, text, complex,
/// records or objects.  Format: numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
Array read_npy(const std::filesystem::path& path);

/// C order, format 1; `values` last index fastest, as many as the shape says; errors as AtomicFile.
void write_npy(const std::filesystem::path& path, const std::vector<std::int64_t>& shape,
               std::span<const double> values);
void write_npy(const std::filesystem::path& path, const std::vector<std::int64_t>& shape,
               std::span<const float> values);
void write_npy(const std::filesystem::path& path, const std::vector<std::int64_t>& shape,
               std::span<const std::int64_t> values);

}  // namespace lyap::framework
