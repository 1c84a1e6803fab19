// framework/data/locate.cpp - where data sets lie on this machine.
#include "data/locate.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "base/error.hpp"
#include "base/text.hpp"

namespace lyap::framework {
namespace {

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

DataFolders::DataFolders(const std::string& option) {
  const std::string data = environment("LYAP_DATA"), cache = environment("XDG_CACHE_HOME"),
                    home = environment("HOME");
  if (!option.empty()) folders_.emplace_back(option);
  if (!data.empty()) folders_.emplace_back(data);
  // A relative XDG_CACHE_HOME is to be ignored (XDG Base Directory Specification).
  if (cache.starts_with('/'))
    folders_.emplace_back(std::filesystem::path(cache) / "lyap");
  else if (!home.empty())
    folders_.emplace_back(std::filesystem::path(home) / ".cache/lyap");
}

std::filesystem::path DataFolders::find(const std::string& name,
                                        const std::vector<std::string>& endings,
                                        const std::string& how_to_get) const {
  for (const std::filesystem::path& folder : folders_)
    for (const std::string& ending : endings) {
      std::filesystem::path path = folder / (name + ending);
      std::error_code ignored;
      if (std::filesystem::exists(path, ignored)) return path;
    }
  std::vector<std::string> names, places;
  for (const std::string& ending : endings) names.push_back(quoted(name + ending));
  for (const std::filesystem::path& folder : folders_) places.push_back(quoted(folder.string()));
  throw InputError(fmt::format(
      "there is no {} in {}; put it there, or name its folder with --data or LYAP_DATA; where to "
      "get "
      "it: {}",
      join(names, " or "), places.empty() ? "any folder, for none is set" : join(places, " or "),
      how_to_get));
}

}  // namespace lyap::framework
