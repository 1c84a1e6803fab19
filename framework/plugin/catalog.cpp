// framework/plugin/catalog.cpp - the plugins of the search path, found by id and loaded on demand.
#include "plugin/catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plugin/refused.hpp"

namespace lyap::framework {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view suffix = ".lyap.so";
constexpr int any_kind = 0;

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

// The same file has the same key, by whatever way it is reached.
fs::path key_of(const fs::path& file) {
  std::error_code failed;
  const fs::path key = fs::canonical(file, failed);
  return failed ? file : key;
}

std::vector<fs::path> libraries_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed))
    if (entry.path().filename().string().ends_with(suffix)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string plural(int kind) {
  return kind == any_kind ? "plugins" : std::string(kind_plural(kind));
}

}  // namespace

std::vector<fs::path> search_path(const std::vector<fs::path>& given) {
  std::vector<fs::path> folders;
  for (const fs::path& folder : given) {
    if (!is_folder(folder))
      throw InputError(fmt::format(
          "--plugins {}: there is no such folder; name the one that holds the *.lyap.so files",
          folder.string()));
    if (libraries_in(folder).empty())
      throw InputError(
          fmt::format("--plugins {}: no file there is called *.lyap.so; name the folder of the "
                      "built plugins",
                      folder.string()));
    folders.push_back(folder);
  }
  const char* variable = std::getenv("LYAP_PLUGIN_PATH");
  std::string_view rest = variable ? variable : "";
  while (!rest.empty()) {
    const std::size_t colon = rest.find(':');
    const fs::path folder = rest.substr(0, colon);
    if (!folder.empty() && is_folder(folder)) folders.push_back(folder);
    rest.remove_prefix(colon == std::string_view::npos ? rest.size() : colon + 1);
  }
  const fs::path program = fs::read_symlink("/proc/self/exe");
  const fs::path installed = program.parent_path().parent_path() / "lib" / "lyap" / "plugins";
  if (is_folder(installed)) folders.push_back(installed);
  return folders;
}

Catalog::Catalog(std::vector<fs::path> folders) : folders_(std::move(folders)) {
  std::set<fs::path> known;
  for (const fs::path& folder : folders_) {
    Folder& candidates = contents_.emplace_back();
    for (const fs::path& file : libraries_in(folder))
      if (known.insert(key_of(file)).second) candidates.push_back({file, false, nullptr, ""});
  }
}

const Plugin& Catalog::find(int kind, std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const Plugin* plugin = look_up(id);
  if (plugin && plugin->kind() == kind) return *plugin;
  if (plugin)
    throw InputError(fmt::format("'{}' is {}, not {}; {}", id, kind_with_article(plugin->kind()),
                                 kind_with_article(kind), what_there_is(kind)));
  throw InputError(why_missing(kind, id));
}

const Plugin& Catalog::find(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  if (const Plugin* plugin = look_up(id)) return *plugin;
  throw InputError(why_missing(any_kind, id));
}

std::vector<const Plugin*> Catalog::plugins() const {
  const std::lock_guard lock(mutex_);
  open_all();
  std::vector<const Plugin*> all;
  for (const auto& [id, plugin] : by_id_) all.push_back(plugin);
  std::stable_sort(all.begin(), all.end(),
                   [](const Plugin* a, const Plugin* b) { return a->kind() < b->kind(); });
  return all;
}

std::vector<RefusedLibrary> Catalog::refused() const {
  const std::lock_guard lock(mutex_);
  std::vector<RefusedLibrary> list;
  for (const Folder& folder : contents_)
    for (const Candidate& candidate : folder)
      if (!candidate.refusal.empty()) list.push_back({candidate.file, candidate.refusal});
  return list;
}

const Plugin* Catalog::look_up(std::string_view id) const {
  const std::string file_name = std::string(id) + std::string(suffix);
  for (Folder& folder : contents_) {
    for (Candidate& candidate : folder)
      if (candidate.file.filename() == file_name) open(candidate);
    if (by_id_.find(id) == by_id_.end())
      for (Candidate& candidate : folder) open(candidate);
    const auto found = by_id_.find(id);
    if (found != by_id_.end()) return found->second;
  }
  return nullptr;
}

void Catalog::open(Candidate& candidate) const {
  if (std::exchange(candidate.tried, true)) return;
  try {
    auto library = std::make_unique<Library>(candidate.file);
    candidate.refusal = conflict(*library);
    if (!candidate.refusal.empty()) return;
    for (const Plugin& plugin : library->plugins()) by_id_.emplace(plugin.id(), &plugin);
    candidate.library = std::move(library);
  } catch (const Refused& refused) {
    candidate.refusal = refused.reason();
  } catch (const Error& error) {
    candidate.refusal = error.what();
  }
}

void Catalog::open_all() const {
  for (Folder& folder : contents_)
    for (Candidate& candidate : folder) open(candidate);
}

std::string Catalog::conflict(const Library& library) const {
  for (const Plugin& plugin : library.plugins()) {
    const auto found = by_id_.find(plugin.id());
    if (found != by_id_.end())
      return fmt::format(
          "its plugin '{}' is also in {}, which comes first in the search path; "
          "rename one of them, or remove {}",
          plugin.id(), found->second->file().string(), library.file().string());
  }
  return "";
}

std::vector<std::string> Catalog::ids(int kind) const {
  open_all();
  std::vector<std::string> names;
  for (const auto& [id, plugin] : by_id_)
    if (kind == any_kind || plugin->kind() == kind) names.push_back(id);
  return names;
}

std::string Catalog::what_there_is(int kind) const {
  const std::vector<std::string> names = ids(kind);
  if (names.empty()) return fmt::format("there are no {} here", plural(kind));
  return fmt::format("the {} here are {}", plural(kind), join(names));
}

std::string Catalog::why_missing(int kind, std::string_view id) const {
  const std::string_view thing = kind == any_kind ? "plugin" : kind_name(kind);
  const std::string file_name = std::string(id) + std::string(suffix);
  for (const Folder& folder : contents_)
    for (const Candidate& candidate : folder)
      if (candidate.file.filename() == file_name && !candidate.refusal.empty())
        return fmt::format("{} '{}' cannot be used; {}: {}", thing, id, candidate.file.string(),
                           candidate.refusal);
  const std::vector<std::string> names = ids(kind);
  const std::string near = did_you_mean(id, names);
  if (!near.empty())
    return fmt::format("there is no {} '{}'{} The {} here are {}", thing, id, near, plural(kind),
                       join(names));
  if (!names.empty()) return fmt::format("there is no {} '{}'; {}", thing, id, what_there_is(kind));
  std::vector<std::string> places;
  for (const fs::path& folder : folders_) places.push_back(folder.string());
  return fmt::format(
      "there is no {} '{}' and no other in {}; name the folder of your plugins with "
      "--plugins or in LYAP_PLUGIN_PATH",
      thing, id, places.empty() ? "the search path, which is empty" : join(places));
}

}  // namespace lyap::framework
