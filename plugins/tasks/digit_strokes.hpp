// plugins/tasks/digit_strokes.hpp - the ten digits as pen strokes, and the pen.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

#include "seeded.hpp"

namespace lyap::tasks {

struct Point {
  double x, y;  ///< right and down
};
using Stroke = std::vector<Point>;
using Glyph = std::vector<Stroke>;

/// Part of an ellipse from angle `from` to `to`, in degrees, clockwise from the right.
inline Stroke arc(Point centre, double x_radius, double y_radius, double from, double to) {
  const int pieces = static_cast<int>(std::ceil(std::abs(to - from) / 20));
  Stroke stroke;
  for (int i = 0; i <= pieces; ++i) {
    const double angle = (from + (to - from) * i / pieces) * std::numbers::pi / 180;
    stroke.push_back(
        {centre.x + x_radius * std::cos(angle), centre.y + y_radius * std::sin(angle)});
  }
  return stroke;
}
inline Stroke joined(Stroke first, const Stroke& then) {
  first.insert(first.end(), then.begin(), then.end());
  return first;
}

/// The ways people write each digit, in the unit square.
inline const std::array<std::vector<Glyph>, 10>& digit_glyphs() {
  static const std::array<std::vector<Glyph>, 10> glyphs{{
      {{arc({.5, .5}, .28, .44, -90, 270)}},
      {{{{.5, .05}, {.5, .95}}}, {{{.32, .25}, {.52, .06}, {.52, .95}}}},
      {{joined(arc({.5, .3}, .27, .24, 190, 380), {{.22, .93}, {.8, .93}})}},
      {{joined(arc({.46, .28}, .26, .22, 200, 450), arc({.46, .72}, .3, .23, 270, 520))}},
      {{{{.6, .05}, {.18, .65}, {.85, .65}}, {{.65, .35}, {.65, .95}}},
       {{{.27, .08}, {.23, .55}, {.8, .55}}, {{.74, .08}, {.7, .95}}}},
      {{joined({{.76, .06}, {.33, .06}, {.29, .46}}, arc({.47, .68}, .29, .26, 235, 510))}},
      {{joined(arc({.74, .6}, .49, .54, 260, 180), arc({.5, .7}, .25, .24, 180, 540))}},
      {{{{.2, .08}, {.8, .08}, {.42, .95}}},
       {{{.2, .08}, {.8, .08}, {.42, .95}}, {{.38, .5}, {.74, .5}}}},
      {{arc({.5, .27}, .21, .21, 90, 450), arc({.5, .72}, .26, .24, -90, 270)}},
      {{joined(arc({.5, .3}, .25, .24, 0, 360), {{.74, .6}, {.67, .95}})}},
  }};
  return glyphs;
}

/// Draws a digit on 28 x 28 pixels in a random way of writing, pose and line, with noise of the
/// given standard deviation (grey values in [0, 1]).
class Pen {
 public:
  static constexpr int side = 28;

  Pen(Seeded& random, double noise) : random_(random), noise_(noise) {}

  void draw(int digit, std::span<std::uint8_t> out) {
    const auto& ways = digit_glyphs()[static_cast<std::size_t>(digit)];
    const Glyph& glyph = ways[static_cast<std::size_t>(random_.below(std::ssize(ways)))];
    take_pose();
    ink_.fill(0);
    for (const Stroke& stroke : glyph)
      for (std::size_t i = 1; i < stroke.size(); ++i)
        line(placed(stroke[i - 1]), placed(stroke[i]));
    for (std::size_t i = 0; i < ink_.size(); ++i) {
      const double grey = std::clamp(pressure_ * ink_[i] + noise_ * random_.bell(), 0.0, 1.0);
      out[i] = static_cast<std::uint8_t>(std::lround(255 * grey));
    }
  }

 private:
  /// As wide a spread as in handwriting; 6 and 9 stay apart because nobody turns them by 40
  /// degrees.
  void take_pose() {
    const double angle = 0.15 * random_.bell(), slant = 0.2 * random_.bell();
    const double width = 18 * random_.uniform(0.75, 1.15), height = 20 * random_.uniform(0.8, 1.1);
    const double c = std::cos(angle), s = std::sin(angle);
    xx_ = c * width, xy_ = (-s - c * slant) * height;
    yx_ = s * width, yy_ = (c - s * slant) * height;
    x_bend_ = 0.2 * random_.bell(), y_bend_ = 0.2 * random_.bell();
    at_ = {side / 2. + random_.uniform(-2, 2), side / 2. + random_.uniform(-2, 2)};
    half_line_ = random_.uniform(0.7, 1.7);
    pressure_ = random_.uniform(0.75, 1);
  }
  Point placed(Point p) const {
    const double x = p.x - .5 + x_bend_ * ((p.y - .5) * (p.y - .5) - .1);
    const double y = p.y - .5 + y_bend_ * ((p.x - .5) * (p.x - .5) - .03);
    return {at_.x + xx_ * x + xy_ * y, at_.y + yx_ * x + yy_ * y};
  }
  /// Inks the pixels near the line from a to b; an edge fades over one pixel.
  void line(Point a, Point b) {
    const double reach = half_line_ + .5, dx = b.x - a.x, dy = b.y - a.y;
    const double length2 = std::max(dx * dx + dy * dy, 1e-12);
    const auto first = [&](double least) { return std::max(0, static_cast<int>(least - reach)); };
    const auto last = [&](double most) {
      return std::min(side - 1, static_cast<int>(std::ceil(most + reach)));
    };
    for (int row = first(std::min(a.y, b.y)); row <= last(std::max(a.y, b.y)); ++row)
      for (int column = first(std::min(a.x, b.x)); column <= last(std::max(a.x, b.x)); ++column) {
        const double px = column + .5 - a.x, py = row + .5 - a.y;  // a pixel is seen at its centre
        const double along = std::clamp((px * dx + py * dy) / length2, 0.0, 1.0);
        const double x = px - along * dx, y = py - along * dy;
        const int pixel = row * side + column;
        double& ink = ink_[static_cast<std::size_t>(pixel)];
        ink = std::max(ink, std::clamp(reach - std::sqrt(x * x + y * y), 0.0, 1.0));
      }
  }

  Seeded& random_;
  double noise_;
  double xx_ = 0, xy_ = 0, yx_ = 0, yy_ = 0, x_bend_ = 0, y_bend_ = 0;
  double half_line_ = 1, pressure_ = 1;
  Point at_{};
  std::array<double, static_cast<std::size_t>(side) * side> ink_{};
};

}  // namespace lyap::tasks
