// apps/lyap/read_catalogue.cpp - data/catalogue.yaml as data sets.
#include "read_catalogue.hpp"

#include <algorithm>
#include <cctype>

#include "base/text.hpp"
#include "pipeline/fields.hpp"
#include "pipeline/read_yaml.hpp"
#include "program.hpp"

namespace lyap::app {
namespace fs = std::filesystem;
using namespace framework;
namespace {

bool is_digest(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// A folder and a file in it or below: what is downloaded never lands outside the data folder.
bool stays_below(const fs::path& path) {
  return path.is_relative() && std::distance(path.begin(), path.end()) > 1 &&
         std::none_of(path.begin(), path.end(),
                      [](const fs::path& part) { return part == ".." || part == "."; });
}

CatalogueFile read_file_of(const Node& node, const std::string& base, Mistakes& mistakes) {
  Fields fields(node, "a file of the catalogue", mistakes);
  CatalogueFile file;
  const Node* path = fields.require("path", "its place below a data folder, `path: mnist/images`");
  if (path) file.path = to_text(*path, "path", mistakes).value_or("");
  if (path && !stays_below(file.path))
    mistakes.add(path->place, "'path' is a folder and a file in it, such as mnist/images");
  file.url = base + fields.text("from", file.path);
  if (fields.require("bytes", "its size unpacked, `bytes: 47040016`"))
    file.bytes = fields.integer("bytes", {0, 4e9, "bytes"}, 0);
  const Node* digest = fields.require("sha256", "the digest of its contents, unpacked");
  if (digest) file.sha256 = to_text(*digest, "sha256", mistakes).value_or("");
  if (digest && !is_digest(file.sha256))
    mistakes.add(digest->place, "'sha256' is 64 digits 0-9 a-f");
  fields.finish();
  return file;
}

DataSet read_set(const Node& node, Mistakes& mistakes) {
  Fields fields(node, quoted(node.key), mistakes);
  DataSet set;
  set.name = node.key;
  set.about = fields.text("about", "");
  set.licence = fields.text("licence", "");
  set.source = fields.text("source", "");
  set.differs = fields.text("differs", "");
  const std::string base = fields.text("base", "");
  if (const Node* files = fields.require("files", "its files, `files: [{path: ...}]`"))
    for (const Node& file : files->children)
      set.files.push_back(read_file_of(file, base, mistakes));
  fields.finish();
  return set;
}

}  // namespace

Catalogue::Catalogue(const fs::path& file) : file_(file) {
  const Node tree = read_yaml(file);
  Mistakes mistakes;
  Fields fields(tree, "the catalogue", mistakes);
  if (const Node* sets = fields.require("sets", "the data sets, `sets: {mnist: {...}}`"))
    for (const Node& set : sets->children) sets_.push_back(read_set(set, mistakes));
  fields.finish();
  mistakes.throw_if_any();
}

const DataSet& Catalogue::find(const std::string& name) const {
  std::vector<std::string> names;
  for (const DataSet& set : sets_) {
    if (set.name == name) return set;
    names.push_back(set.name);
  }
  const std::string near = did_you_mean(name, names);
  throw InputError("there is no data set " + quoted(name) + " in " + file_.string() +
                   (near.empty() ? "; it has " + join(names) : near));
}

fs::path installed_catalogue() {
  return installed_prefix() / "share/lyap/catalogue.yaml";
}

}  // namespace lyap::app
