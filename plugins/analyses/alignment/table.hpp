// alignment/table.hpp - the eight combinations as a plain table, beside what was published.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "combinations.hpp"

namespace lyap::alignment {

using Triple = std::array<double, groups>;  ///< std of the groups first, last, random

/// Largest difference between the two, over the groups that both have.
inline double distance(const Triple& ours, const std::vector<double>& published) {
  double largest = 0;
  for (std::size_t g = 0; g < groups; ++g)
    if (std::isfinite(ours[g])) largest = std::max(largest, std::abs(ours[g] - published[g]));
  return largest;
}

/// The combination with the smallest such difference.
inline Index closest(const std::array<Triple, combinations>& ours,
                     const std::vector<double>& published) {
  Index best = 0;
  for (Index c = 1; c < combinations; ++c)
    if (distance(ours[static_cast<std::size_t>(c)], published) <
        distance(ours[static_cast<std::size_t>(best)], published))
      best = c;
  return best;
}

namespace detail {

inline std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}
inline std::string three_digits(double x) {
  char text[32];
  std::snprintf(text, sizeof text, std::isfinite(x) ? "%.3f" : "-", x);
  return text;
}
inline std::string row(const std::string& name, const std::array<std::string, groups>& cells) {
  std::string text = padded(name, 30);
  for (const std::string& cell : cells)
    text += std::string(std::max<std::size_t>(cell.size(), 11) - cell.size(), ' ') + cell;
  return text + "\n";
}
inline std::string row(const std::string& name, const Triple& numbers) {
  return row(name, {three_digits(numbers[0]), three_digits(numbers[1]), three_digits(numbers[2])});
}
inline std::string name_of_row(const char* a, const char* b, const char* c) {
  return padded(a, 12) + padded(b, 9) + c;
}

}  // namespace detail

/// Lines of 63 characters; `sizes`: members of the groups; `baseline`: of random vectors.
inline std::string table_of(const std::array<Triple, combinations>& ours,
                            const std::array<std::size_t, groups>& sizes, double baseline,
                            const std::vector<double>& published) {
  std::array<std::string, groups> heads;
  for (std::size_t g = 0; g < groups; ++g)
    heads[g] = std::string(group_names[g]) + " " + std::to_string(sizes[g]);
  std::string table = detail::row(detail::name_of_row("Q of", "vectors", "loss"), heads);
  for (Index c = 0; c < combinations; ++c)
    table += detail::row(
        detail::name_of_row(orientation_names[c / 4], side_names[c / 2 % 2], gradient_names[c % 2]),
        ours[static_cast<std::size_t>(c)]);
  table += detail::row("random vectors", Triple{baseline, baseline, baseline});
  if (!published.empty()) {
    table += detail::row("published", Triple{published[0], published[1], published[2]});
    const Index best = closest(ours, published);
    table += "closest to it: " + label(best) + ", largest difference " +
             detail::three_digits(distance(ours[static_cast<std::size_t>(best)], published)) + "\n";
  }
  table.pop_back();
  return table;
}

}  // namespace lyap::alignment
