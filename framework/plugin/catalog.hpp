// framework/plugin/catalog.hpp - the plugins of the search path, found by id and loaded on demand.
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/library.hpp"

namespace lyap::framework {

/// Where plugins are looked for, first to last: the folders given, those of LYAP_PLUGIN_PATH
/// (separated by colons), and lib/lyap/plugins next to the program's bin.
/// InputError: a given folder is not there; missing folders of the other two are left out.
std::vector<std::filesystem::path> search_path(const std::vector<std::filesystem::path>& given);

/// A library that is not used, and why.
struct RefusedLibrary {
  std::filesystem::path file;
  std::string reason;
};

/// All the plugins of some folders. A library `<id>.lyap.so` is opened when its id is asked for,
/// the others of a folder only when that does not answer. Of two libraries with one id that of the
/// earlier folder wins, within a folder that opened first; the other one is refused as a whole.
/// Safe to use from several threads.
class Catalog {
 public:
  /// Looks at names only.
  explicit Catalog(std::vector<std::filesystem::path> folders);

  /// The plugin of that kind. InputError: there is none, it is of another kind, or its library was
  /// refused; names what there is instead.
  const Plugin& find(int kind, std::string_view id) const;
  /// The plugin of that id, whatever its kind.
  const Plugin& find(std::string_view id) const;

  /// Every plugin of every folder, by kind and id; opens all libraries.
  std::vector<const Plugin*> plugins() const;
  /// The libraries refused so far, in search order; all of them after plugins().
  std::vector<RefusedLibrary> refused() const;

  const std::vector<std::filesystem::path>& folders() const { return folders_; }

 private:
  struct Candidate {
    std::filesystem::path file;
    bool tried = false;
    std::unique_ptr<Library> library;  ///< null until tried, and when refused
    std::string refusal;
  };
  using Folder = std::vector<Candidate>;

  const Plugin* look_up(std::string_view id) const;
  void open(Candidate& candidate) const;
  void open_all() const;
  std::string conflict(const Library& library) const;
  std::vector<std::string> ids(int kind) const;
  std::string what_there_is(int kind) const;
  std::string why_missing(int kind, std::string_view id) const;

  std::vector<std::filesystem::path> folders_;
  mutable std::recursive_mutex mutex_;  // guards what follows: opened on demand
  mutable std::vector<Folder> contents_;
  mutable std::map<std::string, const Plugin*, std::less<>> by_id_;
};

}  // namespace lyap::framework
