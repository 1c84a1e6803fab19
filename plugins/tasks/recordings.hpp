// plugins/tasks/recordings.hpp - motion capture recordings: a folder for each action, a file each.
#pragma once
#include <lyap/host.hpp>

#include <charconv>
#include <filesystem>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "number_rows.hpp"

namespace lyap::tasks {

struct Recording {
  std::string path;
  Matrix frames;  ///< numbers of a frame x frames
  bool for_test;  ///< it came in the folder test/
};

namespace detail {

/// 12 of "walking_12.txt" or "walking_12.txt.gz" when the stem is "walking_", else 0.
inline int number_in(std::string name, const std::string& stem) {
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  if (!name.starts_with(stem) || !name.ends_with(".txt")) return 0;
  const char *const first = name.data() + stem.size(), *const last = name.data() + name.size() - 4;
  int number = 0;
  const auto [end, code] = std::from_chars(first, last, number);
  return code == std::errc() && end == last ? number : 0;
}

inline void append_recordings(const Host& host, const std::string& folder,
                              const std::string& action, bool for_test,
                              std::vector<Recording>& recordings) {
  const std::string stem = action + "_";
  const std::string part = std::string(for_test ? "test" : "train") + "/" + action + "/";
  const auto append = [&](const File& file) {
    recordings.push_back({file.path(), number_rows(file), for_test});
    const Matrix &frames = recordings.back().frames, &first = recordings.front().frames;
    if (frames.rows() != first.rows())
      throw BadData(file.path() + " has " + std::to_string(frames.rows()) +
                    " numbers a frame, and " + recordings.front().path + " " +
                    std::to_string(first.rows()) + "; they do not belong together, get them again");
  };
  const File first = host.read_text(
      folder + "/" + part + stem + "1.txt",
      std::string(folder == "cmu_mocap" ? "`lyap data fetch cmu_mocap` for basketball, soccer, "
                                          "walking and jumping; other actions as "
                                        : "") +
          "train/ACTION/ACTION_1.txt ... and test/ACTION/ACTION_1.txt ..., into the folder '" +
          folder + "' there");
  append(first);
  const std::filesystem::path place = std::filesystem::path(first.path()).parent_path();
  std::set<int> others;
  std::error_code unreadable;
  for (const auto& entry : std::filesystem::directory_iterator(place, unreadable))
    if (const int number = number_in(entry.path().filename().string(), stem); number > 1)
      others.insert(number);
  for (const int number : others)
    append(host.read_text((place / (stem + std::to_string(number) + ".txt")).string()));
}

}  // namespace detail

/// The files FOLDER/{train,test}/ACTION/ACTION_1.txt, ACTION_2.txt ... of every action, in this
/// order: actions as given, train before test, by number.  BadData: a first file is missing, or one
/// does not hold frames like the others.
inline std::vector<Recording> read_recordings(const Host& host, const std::string& folder,
                                              const std::vector<std::string>& actions) {
  std::vector<Recording> recordings;
  for (const std::string& action : actions)
    for (const bool for_test : {false, true})
      detail::append_recordings(host, folder, action, for_test, recordings);
  return recordings;
}

}  // namespace lyap::tasks
