// framework/data/png.hpp - grey pictures as PNG files.
#pragma once
#include <cstdint>
#include <span>
#include <string>

namespace lyap::framework {

/// The bytes of a PNG file: 8-bit grey, `grey` row by row, 0 black.
std::string png_of(std::span<const std::uint8_t> grey, std::int64_t width, std::int64_t height);

}  // namespace lyap::framework
