// tests/framework/plugin/catalog_test.cpp - plugins are found by id; broken ones never stop others.
#include "plugin/catalog.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <fstream>

#include "../temporary_folder.hpp"
#include "base/error.hpp"

using namespace lyap::framework;

namespace {

namespace fs = std::filesystem;

// Puts a library of tests/broken into the folder, under its own or another name.
fs::path put(const TemporaryFolder& folder, const std::string& name, const std::string& as = "") {
  const fs::path file = folder / ((as.empty() ? name : as) + ".lyap.so");
  fs::copy_file(fs::path(LYAP_BROKEN_DIR) / (name + ".lyap.so"), file);
  return file;
}

template <class Action>
std::string sentence_of(Action action) {
  try {
    action();
    return "nothing was thrown";
  } catch (const InputError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a plugin is found by kind and id in whatever library it lies") {
  const TemporaryFolder folder;
  const fs::path file = put(folder, "plain", "some_other_name");
  const Catalog catalog({folder.path()});
  const Plugin& plugin = catalog.find(LYAP_CELL, "plain");
  CHECK(plugin.file() == file);
  CHECK(&catalog.find("plain") == &plugin);
  CHECK(catalog.refused().empty());
}

TEST_CASE("a library named after its id is found without opening its neighbours") {
  const TemporaryFolder folder;
  put(folder, "plain");
  put(folder, "wrong_major", "another");
  const Catalog catalog({folder.path()});
  catalog.find(LYAP_CELL, "plain");
  CHECK(catalog.refused().empty());
  CHECK(catalog.plugins().size() == 1);
  CHECK(catalog.refused().size() == 1);
}

TEST_CASE("broken libraries are listed with their reasons in search order") {
  const TemporaryFolder folder;
  folder.file("a_text.lyap.so", "hello");
  fs::create_directory(folder / "b_folder.lyap.so");
  fs::create_symlink("nowhere", folder / "c_link.lyap.so");
  put(folder, "newer_minor", "d_newer");
  put(folder, "plain");
  folder.file("readme.txt", "not looked at");
  const Catalog catalog({folder.path()});
  const auto plugins = catalog.plugins();
  REQUIRE(plugins.size() == 1);
  CHECK(plugins[0]->id() == "plain");
  const auto refused = catalog.refused();
  REQUIRE(refused.size() == 4);
  CHECK(refused[0].file == folder / "a_text.lyap.so");
  CHECK(refused[0].reason ==
        "not a shared library: it does not begin as an ELF file does; give one built with "
        "lyap_add_plugin()");
  CHECK(refused[1].reason == "a directory; a plugin library is a file");
  CHECK(refused[2].reason == "there is no such file");
  CHECK(refused[3].reason ==
        "needs plugin ABI 1.9, and this lyap offers 1.0; update lyap, or rebuild the plugin "
        "against this lyap's SDK");
}

TEST_CASE("of two libraries with one id the first in the search path wins and the other says why") {
  const TemporaryFolder first, second;
  const fs::path winner = put(first, "plain", "z_last_name");
  const fs::path loser = put(second, "same_id", "plain");
  const Catalog catalog({first.path(), second.path()});
  CHECK(catalog.find(LYAP_CELL, "plain").file() == winner);
  CHECK(catalog.plugins().size() == 1);
  const auto refused = catalog.refused();
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].file == loser);
  CHECK(refused[0].reason == "its plugin 'plain' is also in " + winner.string() +
                                 ", which comes first in the search path; rename one of them, or "
                                 "remove " +
                                 loser.string());
}

TEST_CASE("the same file reached in two ways is one library") {
  const TemporaryFolder folder, other;
  const fs::path file = put(folder, "plain");
  fs::create_symlink(file, other / "plain.lyap.so");
  const Catalog catalog({folder.path(), folder.path() / ".", other.path()});
  CHECK(catalog.plugins().size() == 1);
  CHECK(catalog.refused().empty());
}

TEST_CASE("an id that is not there is answered with what is") {
  const TemporaryFolder folder, empty;
  put(folder, "plain");
  const fs::path broken = put(folder, "unknown_isa", "fast");
  const Catalog catalog({folder.path()});
  CHECK(sentence_of([&] { catalog.find(LYAP_CELL, "plane"); }) ==
        "there is no cell 'plane'; did you mean 'plain'? The cells here are plain");
  CHECK(sentence_of([&] { catalog.find(LYAP_CELL, "transformer"); }) ==
        "there is no cell 'transformer'; the cells here are plain");
  CHECK(sentence_of([&] { catalog.find(LYAP_ANALYSIS, "plain"); }) ==
        "'plain' is a cell, not an analysis; there are no analyses here");
  CHECK(sentence_of([&] { catalog.find(LYAP_CELL, "fast"); }) ==
        "cell 'fast' cannot be used; " + broken.string() +
            ": uses instruction sets that this lyap does not know (bits 0x100); update lyap, or "
            "rebuild the plugin without -march=native");
  CHECK(sentence_of([&] { catalog.find(LYAP_TASK, "smnist"); }) ==
        "there is no task 'smnist' and no other in " + folder.path().string() +
            "; name the folder of your plugins with --plugins or in LYAP_PLUGIN_PATH");
  CHECK(sentence_of([&] { Catalog({}).find("smnist"); }) ==
        "there is no plugin 'smnist' and no other in the search path, which is empty; name the "
        "folder of your plugins with --plugins or in LYAP_PLUGIN_PATH");
}

TEST_CASE("the search path is what is given, then LYAP_PLUGIN_PATH, then what is installed") {
  const TemporaryFolder given, one, two;
  std::ofstream(given.path() / "mine.lyap.so") << "";
  const std::string variable = one.path().string() + "::/no/such/folder:" + two.path().string();
  REQUIRE(::setenv("LYAP_PLUGIN_PATH", variable.c_str(), 1) == 0);
  const std::vector<fs::path> folders = search_path({given.path()});
  ::unsetenv("LYAP_PLUGIN_PATH");
  REQUIRE(folders.size() >= 3);
  CHECK(folders[0] == given.path());
  CHECK(folders[1] == one.path());
  CHECK(folders[2] == two.path());
  CHECK(sentence_of([&] { search_path({"/no/such/folder"}); }) ==
        "--plugins /no/such/folder: there is no such folder; name the one that holds the "
        "*.lyap.so files");
  CHECK(sentence_of([&] { search_path({one.path()}); }) ==
        "--plugins " + one.path().string() +
            ": no file there is called *.lyap.so; name the folder of the built plugins");
}
