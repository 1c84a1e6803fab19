// apps/lyap/commands/data_fetch.cpp - `lyap data fetch`: data sets from where they are published.
#include <fmt/format.h>
#include <lyap/abi.h>

#include <iostream>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "data/download.hpp"
#include "data_parts.hpp"
#include "terminal.hpp"

namespace lyap::app {
namespace fs = std::filesystem;
namespace po = boost::program_options;
using namespace framework;

namespace {

class Fetching {
 public:
  Fetching(const Common& common, bool unverified)
      : terminal_(common.quiet), folders_(data_folders(common)), unverified_(unverified) {
    terminal_.heed(stop_on_signals());
  }

  void fetch(const DataSet& set) {
    if (!set.differs.empty() && !unverified_ && is_wanting(set))
      throw InputError(fmt::format(
          "{0}: no public address of exactly this file is known. {1} is {2}; take it with `lyap "
          "data fetch {0} --unverified`, or add a copy you have with `lyap data add {0} PATH`",
          set.name, set.files.front().url, set.differs));
    for (const CatalogueFile& file : set.files) fetch(set, file);
  }

 private:
  bool is_wanting(const DataSet& set) const {
    for (const CatalogueFile& file : set.files)
      if (place_of(file, folders_).empty()) return true;
    return false;
  }

  void fetch(const DataSet& set, const CatalogueFile& file) {
    const FoundFile found = look_for(file, folders_);
    if (found.state == FileState::Same || (found.state == FileState::Other && unverified_)) {
      terminal_.say(LYAP_INFO, found.path.string() + ": is here");
      return;
    }
    if (found.state == FileState::Other)
      throw InputError(fmt::format(
          "'{}' is here with other contents than the catalogue says; keep it, or remove it and "
          "repeat",
          found.path.string()));
    const fs::path place = rename_into(folders_.front(), file, downloaded(set, file));
    terminal_.say(LYAP_INFO, place.string());
  }

  /// The complete file under its temporary name, with the right contents.
  fs::path downloaded(const DataSet& set, const CatalogueFile& file) {
    const fs::path part = part_of(folders_.front(), file);
    std::error_code absent;
    const bool resumed = fs::exists(part, absent);
    bring(set, file, part);
    if (is_right(part, file)) return part;
    fs::remove(part);
    // What an earlier attempt had left may have been of another file.
    if (resumed) {
      bring(set, file, part);
      if (is_right(part, file)) return part;
      fs::remove(part);
    }
    throw Error(
        fmt::format("what '{}' gave is not the file of the catalogue and was removed; if "
                    "the publisher has replaced it, `lyap data add {} PATH` takes a copy "
                    "that you have",
                    file.url, set.name));
  }

  bool is_right(const fs::path& part, const CatalogueFile& file) const {
    return unverified_ || has_contents_of(part, file);
  }

  void bring(const DataSet& set, const CatalogueFile& file, const fs::path& part) {
    constexpr std::int64_t other_edition = 1
                                           << 20;  // bytes that a packed or other one may have more
    try {
      download(
          file.url, part, file.bytes + other_edition,
          [&](std::int64_t done, std::int64_t total) {
            terminal_.transfer(file.path, done, total);
          },
          stop_on_signals());
    } catch (const Interrupted&) {
      throw;
    } catch (const InputError&) {
      throw;
    } catch (const Error& e) {
      throw Error(
          fmt::format("{}; try again, which goes on where this ended, or `lyap data fetch "
                      "{} --print` says what to download in another way",
                      e.what(), set.name));
    }
  }

  Terminal terminal_;
  const std::vector<fs::path> folders_;
  const bool unverified_;
};

/// What to download and where to put it, for a person or a script.
void print(const DataSet& set, const std::vector<fs::path>& folders) {
  for (const CatalogueFile& file : set.files) {
    if (look_for(file, folders).state == FileState::Same) continue;
    const std::string ending = file.url.ends_with(".gz") ? ".gz" : "";
    std::cout << fmt::format("{}\n  to {}\n", file.url,
                             (folders.front() / (file.path + ending)).string());
  }
  std::cout << fmt::format("then: lyap data verify {}\n", set.name);
  if (!set.differs.empty()) std::cout << fmt::format("which will say: {}\n", set.differs);
}

}  // namespace

int data_fetch(const Words& words, Common common) {
  Arguments arguments(
      "data fetch NAME... [options]",
      "Downloads data sets of the catalogue into the first data folder and compares their\n"
      "contents with the catalogue; a file with other contents is not kept. A download that\n"
      "broke off goes on where it ended. Only https is used.");
  arguments.add()  //
      ("name", po::value<Words>()->composing()->value_name("NAME"),
       "data sets of `lyap data list` (repeatable)")  //
      ("print", po::bool_switch(),
       "download nothing; say which addresses to download, and where to put the files")  //
      ("unverified", po::bool_switch(),
       "keep files with other contents than the catalogue's: results will differ");
  add_catalogue_option(arguments);
  arguments.positional("name", -1);
  arguments.example("lyap data fetch mnist");
  arguments.example("lyap data fetch cmu_mocap --data /data --print");
  if (!arguments.read(words, common)) return 0;
  const Words names = arguments.texts("name");
  if (names.empty()) arguments.refuse("name a data set; `lyap data list` shows them");
  const Catalogue catalogue = catalogue_of(arguments);
  std::vector<const DataSet*> sets;
  for (const std::string& name : names) sets.push_back(&catalogue.find(name));

  const bool only_print = arguments.values()["print"].as<bool>();
  if (only_print || !can_download()) {
    if (!only_print)
      std::cerr << "lyap: this program was built without libcurl and downloads nothing; download "
                   "in another way:\n";
    for (const DataSet* set : sets) print(*set, data_folders(common));
    return only_print ? 0 : static_cast<int>(Exit::RunFailed);
  }
  Fetching fetching(common, arguments.values()["unverified"].as<bool>());
  for (const DataSet* set : sets) fetching.fetch(*set);
  return 0;
}

}  // namespace lyap::app
