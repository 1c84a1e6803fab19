// plugins/analyses/grid.hpp - numbers with several axes, as studies take and give them.
#pragma once
#include <cstdint>
#include <lyap/lyap.hpp>
#include <span>
#include <string>
#include <vector>

#include "finite_means.hpp"

namespace lyap::analyses {

/// Last axis fastest; missing until set.
struct Grid {
  std::vector<std::int64_t> shape;
  std::vector<double> values;

  Grid() = default;
  explicit Grid(std::vector<std::int64_t> extents, double fill = missing)
      : shape(std::move(extents)) {
    std::int64_t size = 1;
    for (const std::int64_t extent : shape) size *= extent;
    values.assign(static_cast<std::size_t>(size), fill);
  }
  explicit Grid(const ArrayView& view)
      : shape(view.shape.begin(), view.shape.end()),
        values(view.values.begin(), view.values.end()) {}

  template <class... Place>
  double& operator()(Place... place) {
    return values[at(place...)];
  }
  template <class... Place>
  double operator()(Place... place) const {
    return values[at(place...)];
  }
  /// The numbers along the last axis at a place of the others.
  template <class... Place>
  std::span<double> row(Place... place) {
    return {values.data() + at(place..., 0), static_cast<std::size_t>(shape.back())};
  }
  template <class... Place>
  std::span<const double> row(Place... place) const {
    return {values.data() + at(place..., 0), static_cast<std::size_t>(shape.back())};
  }

  void give(Context& context, const char* port) const { context.result(port, shape, values); }

 private:
  template <class... Place>
  std::size_t at(Place... place) const {
    std::int64_t sum = 0;
    std::size_t axis = 0;
    ((sum = sum * shape[axis++] + static_cast<std::int64_t>(place)), ...);
    return static_cast<std::size_t>(sum);
  }
};

/// A port that must be connected.
inline Grid required(const Context& context, const char* port) {
  const auto view = context.input(port);
  if (!view) throw std::logic_error(std::string("nothing is connected to port '") + port + "'");
  return Grid(*view);
}

/// A port, empty when it is not connected. BadShape: its length is not that of the network axis.
inline std::vector<double> per_network(const Context& context, const char* port,
                                       std::int64_t networks) {
  const auto view = context.input(port);
  if (!view) return {};
  if (static_cast<std::int64_t>(view->values.size()) != networks)
    throw BadShape(std::string("port '") + port + "' has " + std::to_string(view->values.size()) +
                   " networks, the others have " + std::to_string(networks) +
                   "; connect columns of one table");
  return {view->values.begin(), view->values.end()};
}

/// Gives an axis of names: codes 0, 1, .. with their words, which hold no blanks.
inline void give_names(Context& context, const char* port, const std::vector<std::string>& words) {
  std::vector<double> codes(words.size());
  std::string meanings;
  for (std::size_t i = 0; i < words.size(); ++i) {
    codes[i] = static_cast<double>(i);
    meanings += (i ? " " : "") + words[i];
  }
  context.result(port, {static_cast<std::int64_t>(words.size())}, codes);
  context.note(port, "flag_meanings", meanings);
}

}  // namespace lyap::analyses
