// framework/run/run_directory.cpp - the folder of one run: what was asked, what came out.
#include "run/run_directory.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>

#include "base/error.hpp"
#include "base/file.hpp"

namespace lyap::framework {
namespace fs = std::filesystem;

std::string time_stamp() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H-%M-%S", &utc);
  return text;
}

namespace {

/// What of a pipeline's name may stand in a folder's name.
std::string plain(const std::string& name) {
  std::string result;
  for (const unsigned char c : name)
    result += std::isalnum(c) || c == '-' || c == '_' || c == '.' ? static_cast<char>(c) : '-';
  return result.empty() ? "run" : result;
}

}  // namespace

RunDirectory RunDirectory::create(const fs::path& parent, const std::string& name,
                                  const std::string& id) {
  std::error_code error;
  fs::create_directories(parent, error);
  if (error || !fs::is_directory(parent))
    throw InputError(
        fmt::format("{}: cannot make this folder for runs ({}); choose another with "
                    "--out",
                    parent.string(), error ? error.message() : "it is a file"));
  const std::string stem = time_stamp() + "_" + plain(name) + "_" + id;
  for (int number = 1;; ++number) {
    const fs::path folder = parent / (number == 1 ? stem : fmt::format("{}-{}", stem, number));
    // create_directory says false when somebody else made it first: then take the next number.
    const bool made = fs::create_directory(folder, error);
    if (error)
      throw InputError(
          fmt::format("{}: cannot make a folder for the run ({}); choose another "
                      "place with --out",
                      folder.string(), error.message()));
    if (!made) continue;
    fs::create_directory(folder / "checkpoints", error);
    return RunDirectory(folder);
  }
}

RunDirectory RunDirectory::at(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder / "checkpoints", error);
  if (error)
    throw Error(
        fmt::format("{}: cannot be made ({}); free some space or choose another place with "
                    "--out",
                    folder.string(), error.message()));
  return RunDirectory(folder);
}

RunDirectory RunDirectory::open(const fs::path& folder) {
  if (!fs::is_regular_file(folder / "run.json") || !fs::is_regular_file(folder / "pipeline.yaml"))
    throw InputError(
        fmt::format("{}: not the folder of a run (it has no run.json or no "
                    "pipeline.yaml); give the folder that `lyap run` named",
                    folder.string()));
  return RunDirectory(folder);
}

fs::path RunDirectory::checkpoint(std::int64_t epoch) const {
  return path_ / "checkpoints" / fmt::format("epoch-{:04}.safetensors", epoch);
}

fs::path RunDirectory::field(const std::string& measure, const std::string& checkpoint) const {
  return path_ / "fields" / fmt::format("{}_{}.h5", measure, checkpoint);
}

fs::path RunDirectory::picture(const std::string& measure, const std::string& checkpoint,
                               const std::string& result) const {
  return path_ / "pictures" / fmt::format("{}_{}_{}.png", measure, checkpoint, result);
}

void RunDirectory::remove_leftovers() const {
  std::vector<fs::path> leftovers;
  std::error_code ignored;
  for (const fs::path& folder :
       {path_, path_ / "checkpoints", path_ / "fields", path_ / "pictures"})
    for (const auto& entry : fs::directory_iterator(folder, ignored))
      if (entry.path().filename().string().starts_with('.') && entry.path().extension() == ".tmp")
        leftovers.push_back(entry.path());
  for (const fs::path& leftover : leftovers) fs::remove(leftover, ignored);
}

void RunDirectory::write(const std::string& name, const std::string& bytes) const {
  write_file_atomically(file(name), bytes);
}

void RunDirectory::append(const std::string& name, const std::string& line) const {
  std::ofstream out(file(name), std::ios::app | std::ios::binary);
  out << line << '\n' << std::flush;
  if (!out)
    throw Error(
        fmt::format("{}: cannot be written ({}); free some space and run again with "
                    "--resume",
                    file(name).string(), std::strerror(errno)));
}

void RunDirectory::keep_lines(const std::string& name, std::size_t lines) const {
  if (!fs::exists(file(name))) return;
  const std::string bytes = read_file(file(name));
  std::size_t end = 0;
  for (std::size_t line = 0; line < lines; ++line) {
    const std::size_t next = bytes.find('\n', end);
    if (next == std::string::npos) break;
    end = next + 1;
  }
  write(name, bytes.substr(0, end));
}

}  // namespace lyap::framework
