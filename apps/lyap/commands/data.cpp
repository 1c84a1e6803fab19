// apps/lyap/commands/data.cpp - `lyap data`: which data sets there are, and whether they are right.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "data/locate.hpp"
#include "data_parts.hpp"
#include "parts.hpp"

namespace lyap::app {
namespace fs = std::filesystem;
namespace po = boost::program_options;
using namespace framework;
using Json = nlohmann::ordered_json;

namespace {

constexpr Command parts[] = {
    {"list", "the data sets of the catalogue: what they are, and which are here", data_list},
    {"fetch", "download a data set, or say what to download and where to put it", data_fetch},
    {"add", "copy a data set from a folder of yours to where pipelines find it", data_add},
    {"verify", "compare the data sets that are here with the catalogue", data_verify},
};

/// How many files of a set lie in some data folder, and where the first of them does.
struct Presence {
  std::size_t files = 0;
  fs::path first;
};

Presence presence(const DataSet& set, const std::vector<fs::path>& folders) {
  Presence found;
  for (const CatalogueFile& file : set.files)
    if (const fs::path place = place_of(file, folders); !place.empty() && found.files++ == 0)
      found.first = place;
  return found;
}

Json listed_json(const DataSet& set, const Presence& found) {
  return {{"name", set.name},         {"about", set.about},   {"licence", set.licence},
          {"source", set.source},     {"bytes", set.bytes()}, {"files", set.files.size()},
          {"files_here", found.files}};
}

std::string listed(const DataSet& set, const Presence& found) {
  const std::string where = found.files == 0 ? "not here; lyap data fetch " + set.name
                            : found.files < set.files.size()
                                ? fmt::format("{} of {} files here; lyap data fetch {}",
                                              found.files, set.files.size(), set.name)
                                : "in " + found.first.parent_path().string();
  return fmt::format("{:<14} {}\n{:<14} {}\n{:<14} {}, {}, {}\n", set.name, where, "", set.about,
                     "", size_text(set.bytes()), set.licence, set.source);
}

constexpr const char* word_of(FileState state) {
  switch (state) {
    case FileState::Absent:
      return "absent";
    case FileState::Same:
      return "same";
    case FileState::Other:
      return "other";
  }
  return "";
}

/// The data sets that are meant by name, or all that are here at least in part.
std::vector<const DataSet*> meant(const Catalogue& catalogue, const Words& names,
                                  const std::vector<fs::path>& folders) {
  std::vector<const DataSet*> sets;
  for (const std::string& name : names) sets.push_back(&catalogue.find(name));
  if (!names.empty()) return sets;
  for (const DataSet& set : catalogue.sets())
    if (presence(set, folders).files > 0) sets.push_back(&set);
  return sets;
}

/// What is wrong with a file, with the remedy.
std::string complaint(const DataSet& set, const CatalogueFile& file, const FoundFile& found) {
  if (found.state == FileState::Absent)
    return fmt::format("{}: absent; lyap data fetch {}", file.path, set.name);
  return fmt::format("{}: not the file of the catalogue{}", found.path.string(),
                     set.differs.empty() ? "; remove it, then lyap data fetch " + set.name
                                         : "; " + set.differs + " (if it is the public one)");
}

}  // namespace

std::span<const Command> data_parts() {
  return parts;
}

int data_command(const Words& words, Common common) {
  return run_part("data",
                  "The data sets that pipelines read: MNIST, War and Peace, motion capture. They "
                  "are looked\n"
                  "for below --data DIR, then LYAP_DATA, then ~/.cache/lyap, and put into the "
                  "first of these\n"
                  "that is set.",
                  parts, words, common);
}

int data_list(const Words& words, Common common) {
  Arguments arguments("data list [options]",
                      "Lists the data sets of the catalogue: where they lie if they are here, what "
                      "they are,\n"
                      "size unpacked, licence, source. Contents are not read; `lyap data verify` "
                      "does that.");
  add_catalogue_option(arguments);
  arguments.example("lyap data list");
  if (!arguments.read(words, common)) return 0;
  const Catalogue catalogue = catalogue_of(arguments);
  const std::vector<fs::path> folders = data_folders(common);
  Json json = Json::array();
  std::string text;
  for (const DataSet& set : catalogue.sets()) {
    const Presence found = presence(set, folders);
    json.push_back(listed_json(set, found));
    text += listed(set, found);
  }
  std::cout << (common.json ? json.dump(2) + "\n" : text);
  return 0;
}

int data_add(const Words& words, Common common) {
  Arguments arguments(
      "data add NAME PATH [options]",
      "Copies a data set that you have already to where pipelines find it. PATH is the folder\n"
      "that its files lie in, packed with gzip or not, or the file where it has only one. Every\n"
      "file is compared with the catalogue first; nothing is copied unless all are right.");
  arguments.add()  //
      ("name", po::value<std::string>()->value_name("NAME"),
       "a data set of `lyap data list`")  //
      ("path", po::value<std::string>()->value_name("PATH"),
       "the folder or file that you have")  //
      ("unverified", po::bool_switch(),
       "take files of these names with other contents than the catalogue's: results will differ");
  add_catalogue_option(arguments);
  arguments.positional("name");
  arguments.positional("path");
  arguments.example("lyap data add mnist ~/data/MNIST/raw");
  arguments.example("lyap data add war_and_peace ~/war-and-peace.txt --unverified");
  if (!arguments.read(words, common)) return 0;
  const std::string name = arguments.required("name", "the data set (lyap data list)");
  const fs::path given = arguments.required("path", "the folder or file that you have");
  const bool unverified = arguments.values()["unverified"].as<bool>();
  const Catalogue catalogue = catalogue_of(arguments);
  const DataSet& set = catalogue.find(name);
  const fs::path folder = data_folders(common).front();

  std::vector<std::string> wrong;
  bool differs = false;
  std::vector<fs::path> sources;
  for (const CatalogueFile& file : set.files) {
    sources.push_back(offered(set, file, given));
    if (sources.back().empty()) {
      wrong.push_back(file.path + " is not there");
    } else if (!unverified && !has_contents_of(sources.back(), file)) {
      differs = true;
      wrong.push_back(sources.back().string() + " has other contents than the catalogue says");
    }
  }
  if (!wrong.empty())
    throw InputError(fmt::format(
        "{} cannot be added from '{}': {}{}{}", name, given.string(), wrong.front(),
        wrong.size() > 1 ? fmt::format(" (and {} more files)", wrong.size() - 1) : "",
        !differs ? "" : "; --unverified takes other contents, and results will differ"));
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const fs::path place = copy_into(folder, set.files[i], sources[i]);
    if (!common.quiet) std::cout << place.string() << '\n';
  }
  return 0;
}

int data_verify(const Words& words, Common common) {
  Arguments arguments(
      "data verify [NAME...] [options]",
      "Compares the contents of every file, unpacked, with the SHA-256 of the catalogue. Without\n"
      "a name: of every data set that is here at least in part. Exit code 3 when a file is\n"
      "absent or has other contents.");
  arguments.add()  //
      ("name", po::value<Words>()->composing()->value_name("NAME"),
       "data sets of `lyap data list` (repeatable)");
  add_catalogue_option(arguments);
  arguments.positional("name", -1);
  arguments.example("lyap data verify");
  arguments.example("lyap data verify mnist --data /data");
  if (!arguments.read(words, common)) return 0;
  const Catalogue catalogue = catalogue_of(arguments);
  const std::vector<fs::path> folders = data_folders(common);
  const std::vector<const DataSet*> sets = meant(catalogue, arguments.texts("name"), folders);
  bool all = true;
  Json json = Json::array();
  for (const DataSet* set : sets) {
    std::string complaints;
    std::size_t same = 0;
    for (const CatalogueFile& file : set->files) {
      const FoundFile found = look_for(file, folders);
      json.push_back({{"set", set->name},
                      {"file", file.path},
                      {"state", word_of(found.state)},
                      {"path", found.path.string()}});
      if (found.state == FileState::Same)
        ++same;
      else
        complaints += "  " + complaint(*set, file, found) + "\n";
    }
    all = all && same == set->files.size();
    if (!common.json)
      std::cout << fmt::format("{}: {} of {} files are those of the catalogue\n{}", set->name, same,
                               set->files.size(), complaints);
  }
  if (common.json) std::cout << json.dump(2) << '\n';
  if (sets.empty() && !common.json)
    std::cout << "no data set of the catalogue is here; `lyap data list` says where to get them\n";
  return all ? 0 : static_cast<int>(Exit::BadInput);
}

void add_catalogue_option(Arguments& arguments) {
  arguments.add()  //
      ("catalogue", po::value<std::string>()->value_name("FILE"),
       "read this catalogue instead of the one that came with lyap");
}

Catalogue catalogue_of(const Arguments& arguments) {
  return Catalogue(arguments.has("catalogue") ? fs::path(arguments.text("catalogue"))
                                              : installed_catalogue());
}

std::vector<fs::path> data_folders(const Common& common) {
  const DataFolders data(common.data);
  if (data.folders().empty())
    throw InputError("no data folder is set; name one with --data or LYAP_DATA");
  return data.folders();
}

}  // namespace lyap::app
