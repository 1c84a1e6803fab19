// embed/stored_axes.hpp - the file "embedding": mean and axes of every seed, to be used again.
#pragma once
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "embed/components.hpp"

namespace lyap::embed {

inline constexpr const char* file_name = "embedding";

/// The first seed has plain names: "mean", "axes" (components x columns), "explained".
inline std::string name_in_file(Index seed, const char* name) {
  return seed == 0 ? name : "seed" + std::to_string(seed) + "." + name;
}

inline void store(Context& context, const std::vector<Axes>& axes, const Matrix& explained,
                  bool center) {
  for (std::size_t s = 0; s < axes.size(); ++s) {
    const auto seed = static_cast<Index>(s);
    context.tensor(file_name, name_in_file(seed, "mean"), axes[s].mean);
    context.tensor(file_name, name_in_file(seed, "axes"), Matrix(axes[s].directions.transpose()));
    context.tensor(file_name, name_in_file(seed, "explained"), Vector(explained.col(seed)));
  }
  context.tensor(file_name, "seeds", Vector::Constant(1, static_cast<double>(axes.size())));
  context.note(file_name, "format", "embed 1");
  context.note(file_name, "components", std::to_string(axes[0].directions.cols()));
  context.note(file_name, "columns", std::to_string(axes[0].directions.rows()));
  context.note(file_name, "centred", center ? "on" : "off");
  context.note(file_name, "signs", "the largest loading of each axis is positive");
}

/// Of a file with one seed for every seed of the table, or with as many; BadData otherwise.
inline std::vector<Axes> stored(const std::string& path, Index seeds, Index columns,
                                Index components, const Host& host) {
  const auto kept = static_cast<Index>(host.read_tensor(path, "seeds")(0, 0));
  if (kept != seeds && kept != 1)
    throw BadData(path + " has axes of " + std::to_string(kept) + " seeds, and the table has " +
                  std::to_string(seeds) + "; use a table or a file with as many");
  std::vector<Axes> axes;
  for (Index seed = 0; seed < seeds; ++seed) {
    const Index from = kept == 1 ? 0 : seed;
    const Matrix directions = host.read_tensor(path, name_in_file(from, "axes"));
    const Matrix mean = host.read_tensor(path, name_in_file(from, "mean"));
    if (directions.cols() != columns || mean.size() != columns)
      throw BadData(path + " has axes for rows of " + std::to_string(directions.cols()) +
                    " numbers, and those of the table have " + std::to_string(columns) +
                    "; interpolate them to that length");
    if (directions.rows() < components)
      throw BadOption("`components` asks for " + std::to_string(components) + ", and " + path +
                      " has " + std::to_string(directions.rows()) + "; lower it");
    axes.push_back({mean.reshaped(), directions.topRows(components).transpose()});
  }
  return axes;
}

}  // namespace lyap::embed
