// plugins/tasks/data_file.hpp - what a user's data file is called and how its contents are told.
#pragma once
#include <lyap/host.hpp>

#include <filesystem>
#include <string>
#include <system_error>

namespace lyap::tasks {

/// A file as people name it: seen from the current folder when it is there, else below the data
/// folders.
inline std::string file_called(const std::string& name) {
  std::error_code unreadable;
  return std::filesystem::exists(name, unreadable) ? std::filesystem::absolute(name).string()
                                                   : name;
}

/// "60000 x 28 x 28".
inline std::string extents(const File& file) {
  std::string text;
  for (const std::int64_t extent : file.shape())
    text += (text.empty() ? "" : " x ") + std::to_string(extent);
  return text;
}

/// Where the number at `place` of the data stands: "[3, 17, 0]".
inline std::string index_of(const File& file, std::int64_t place) {
  const auto shape = file.shape();
  std::string text = "]";
  for (std::size_t i = shape.size(); i-- > 0; place /= shape[i])
    text.insert(0, (i > 0 ? ", " : "[") + std::to_string(place % shape[i]));
  return text;
}

}  // namespace lyap::tasks
