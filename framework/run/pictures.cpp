// framework/run/pictures.cpp - results that are pictures, as files one can look at.
#include "run/pictures.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/file.hpp"
#include "data/png.hpp"

namespace lyap::framework {
namespace {

bool is_picture(const MeasuredArray& array) {
  const std::vector<std::string>& axes = array.quantity.axes;
  return array.quantity.unit == "grey" && axes.size() >= 2 && axes[axes.size() - 2] == "row" &&
         axes.back() == "column" && array.field.empty() && !array.values.empty();
}

std::uint8_t grey_of(double value) {
  return std::isfinite(value)
             ? static_cast<std::uint8_t>(std::lround(255 * std::clamp(value, 0.0, 1.0)))
             : std::uint8_t{0};
}

/// Pictures side by side with a line between them, each point drawn as a square.
std::string sheet(const MeasuredArray& array) {
  constexpr std::int64_t zoom = 4, line = 4;
  constexpr std::uint8_t line_grey = 128;
  const std::size_t axes = array.shape.size();
  const std::int64_t rows = array.shape[axes - 2], columns = array.shape[axes - 1];
  const std::int64_t across = axes > 2 ? array.shape[axes - 3] : 1;
  const std::int64_t down = array.size() / (rows * columns * across);
  const std::int64_t cell_width = columns * zoom + line, cell_height = rows * zoom + line;
  const std::int64_t width = across * cell_width + line, height = down * cell_height + line;
  std::vector<std::uint8_t> grey(static_cast<std::size_t>(width * height), line_grey);
  for (std::int64_t i = 0; i < array.size(); ++i) {
    const std::int64_t picture = i / (rows * columns), row = i / columns % rows,
                       column = i % columns;
    const std::int64_t x = line + picture % across * cell_width + column * zoom;
    const std::int64_t y = line + picture / across * cell_height + row * zoom;
    for (std::int64_t dy = 0; dy < zoom; ++dy)
      std::fill_n(grey.begin() + (y + dy) * width + x, zoom,
                  grey_of(array.values[static_cast<std::size_t>(i)]));
  }
  return png_of(grey, width, height);
}

}  // namespace

void write_pictures(const RunDirectory& directory, const Measurement& measurement,
                    const std::string& checkpoint) {
  for (const MeasuredArray& array : measurement.arrays) {
    if (!is_picture(array)) continue;
    const auto path = directory.picture(measurement.name, checkpoint, array.port);
    std::filesystem::create_directories(path.parent_path());
    write_file_atomically(path, sheet(array));
  }
}

}  // namespace lyap::framework
