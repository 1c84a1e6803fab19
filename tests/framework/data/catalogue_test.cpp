// tests/framework/data/catalogue_test.cpp - files of a data set are known by their contents.
#include "data/catalogue.hpp"

#include <doctest/doctest.h>

#include "../temporary_folder.hpp"
#include "base/file.hpp"
#include "base/sha256.hpp"
#include "gzip_bytes.hpp"

using namespace lyap::framework;
namespace fs = std::filesystem;

namespace {

CatalogueFile entry(const std::string& path, const std::string& contents) {
  Sha256 hash;
  hash.add(contents);
  return {path, "", std::ssize(contents), hash.hexadecimal()};
}

}  // namespace

TEST_CASE("a file is the same however it is packed, and another one when a byte differs") {
  const TemporaryFolder folder;
  const CatalogueFile file = entry("set/a", "contents");
  CHECK(look_for(file, {folder.path()}).state == FileState::Absent);
  folder.file("set/a.gz", gzip_bytes("contents"));
  CHECK(look_for(file, {folder.path()}).state == FileState::Same);
  CHECK(look_for(file, {folder.path()}).path == folder.path() / "set/a.gz");
  folder.file("set/a", "contentz");  // found before the packed one
  CHECK(look_for(file, {folder.path()}).state == FileState::Other);
  folder.file("set/a", "\x1f\x8b damaged");
  CHECK(look_for(file, {folder.path()}).state == FileState::Other);
}

TEST_CASE("the first data folder that has a file counts") {
  const TemporaryFolder one, other;
  const CatalogueFile file = entry("set/a", "contents");
  other.file("set/a", "contents");
  CHECK(look_for(file, {one.path(), other.path()}).path == other.path() / "set/a");
  one.file("set/a", "mine");
  CHECK(look_for(file, {one.path(), other.path()}).state == FileState::Other);
}

TEST_CASE("files are offered under their path, inside the folder, or by a name of their own") {
  const TemporaryFolder folder;
  const DataSet set{
      "set", "", "",
      "",    "", {entry("set/train/x", "1"), entry("set/test/x", "2"), entry("set/labels", "3")}};
  const fs::path& given = folder.path();
  folder.file("x", "1");  // whose? two files share this name
  CHECK(offered(set, set.files[0], given).empty());
  CHECK(offered(set, set.files[2], given).empty());
  const fs::path labels = folder.file("labels", "3");
  CHECK(offered(set, set.files[2], given) == labels);
  const fs::path inside = folder.file("test/x.gz", gzip_bytes("2"));
  CHECK(offered(set, set.files[1], given) == inside);
  const fs::path whole = folder.file("set/test/x", "2");
  CHECK(offered(set, set.files[1], given) == whole);
  CHECK(offered(set, set.files[1], labels).empty());  // one file is not all of three
}

TEST_CASE("what is packed is put down with .gz, whatever it was called") {
  const TemporaryFolder folder;
  const CatalogueFile file = entry("set/a", "contents");
  const fs::path packed = folder.file("some.file", gzip_bytes("contents"));
  CHECK(copy_into(folder.path(), file, packed) == folder.path() / "set/a.gz");
  CHECK(read_file(folder.path() / "set/a.gz") == read_file(packed));
  const fs::path part = part_of(folder.path(), file);
  write_file_atomically(part, "contents");
  CHECK(rename_into(folder.path(), file, part) == folder.path() / "set/a");
  CHECK(!fs::exists(part));
}
