// tests/framework/base/file_test.cpp - reading, atomic writing, and the sentence for each failure.
#include "base/file.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../file_size_limit.hpp"
#include "../temporary_folder.hpp"
#include "base/error.hpp"
#include "base/sha256.hpp"

using namespace lyap::framework;

namespace {

// Nobody's rights for a while: the superuser may read and write everything.
class Unprivileged {
 public:
  Unprivileged() {
    if (root_) REQUIRE(::seteuid(65534) == 0);
  }
  ~Unprivileged() {
    if (root_) CHECK(::seteuid(0) == 0);
  }

 private:
  const bool root_ = ::geteuid() == 0;
};

}  // namespace

TEST_CASE("a file is read byte for byte") {
  const TemporaryFolder folder;
  std::string bytes(300'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * i);
  CHECK(read_file(folder.file("large", bytes)) == bytes);
  CHECK(read_file(folder.file("empty", "")).empty());
}

TEST_CASE("a file whose size the system does not state is read to its end") {
  CHECK(read_file("/proc/self/status").find("Name:") == 0);
}

TEST_CASE("a missing file, a directory and a forbidden file have their own sentences") {
  const TemporaryFolder folder;
  const std::string missing = folder / "missing", forbidden = folder.file("forbidden", "x");
  const std::string inside_a_file = folder / "forbidden/x";
  CHECK_THROWS_WITH_AS(read_file(missing), ("there is no file '" + missing + "'").c_str(),
                       InputError);
  CHECK_THROWS_WITH_AS(read_file(inside_a_file),
                       ("there is no file '" + inside_a_file + "'").c_str(), InputError);
  CHECK_THROWS_WITH_AS(
      read_file(folder.path()),
      ("'" + folder.path().string() + "' is a directory; a file is needed").c_str(), InputError);
  REQUIRE(::chmod(forbidden.c_str(), 0) == 0);
  REQUIRE(::chmod(folder.path().c_str(), 0755) == 0);
  const Unprivileged nobody;
  CHECK_THROWS_WITH_AS(
      read_file(forbidden),
      ("'" + forbidden + "' cannot be read: permission denied; see its owner and mode").c_str(),
      InputError);
}

TEST_CASE("a file that states more bytes than it has is refused") {
  // The kernel's own settings files all state one page.
  const std::string setting = "/sys/kernel/mm/transparent_hugepage/enabled";
  if (!std::filesystem::exists(setting) || std::filesystem::file_size(setting) < 100) {
    MESSAGE("skipped: this system has no " << setting);
    return;
  }
  CHECK_THROWS_WITH_AS(
      read_file(setting),
      ("'" + setting + "' became shorter while it was read; try again when it is complete").c_str(),
      InputError);
}

// The sanitizers' allocators abort instead of throwing.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("a file too large for the memory is refused with its size") {
  const TemporaryFolder folder;
  const std::string sparse = folder.file("sparse", "");
  if (::truncate(sparse.c_str(), std::int64_t{1} << 43) != 0) {
    MESSAGE("skipped: the file system refuses a file of 8 TiB");
    return;
  }
  rlimit before{};
  ::getrlimit(RLIMIT_DATA, &before);
  const rlimit limit{std::uint64_t{1} << 34, before.rlim_max};
  ::setrlimit(RLIMIT_DATA, &limit);
  CHECK_THROWS_WITH_AS(
      read_file(sparse),
      ("'" + sparse + "' is too large for the memory: 8796093022208 bytes").c_str(), InputError);
  ::setrlimit(RLIMIT_DATA, &before);
}
#endif

TEST_CASE("an atomic write makes or replaces the file and leaves nothing else") {
  const TemporaryFolder folder;
  const std::string path = folder / "weights";
  write_file_atomically(path, "old");
  write_file_atomically(path, "new and longer");
  CHECK(read_file(path) == "new and longer");
  CHECK(folder.entries() == 1);
}

TEST_CASE("until it is committed an atomic file has no name, and afterwards it stays") {
  const TemporaryFolder folder;
  const std::string path = folder.file("result", "before");
  {
    AtomicFile file(path);
    file.write("half of");
    CHECK(read_file(path) == "before");
    CHECK(file.temporary().parent_path() == folder.path());
  }
  CHECK(read_file(path) == "before");
  CHECK(folder.entries() == 1);
  {
    AtomicFile file(path);
    file.write("whole");
    file.commit();
  }
  CHECK(read_file(path) == "whole");
}

TEST_CASE("two atomic files of one target do not disturb each other") {
  const TemporaryFolder folder;
  AtomicFile one(folder / "same"), other(folder / "same");
  one.write("one");
  other.write("other");
  one.commit();
  CHECK(read_file(folder / "same") == "one");
  other.commit();
  CHECK(read_file(folder / "same") == "other");
}

TEST_CASE("an atomic file works in the current folder") {
  const TemporaryFolder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  write_file_atomically("bare", "x");
  std::filesystem::current_path(before);
  CHECK(read_file(folder / "bare") == "x");
}

TEST_CASE("a missing folder, a directory as target and a folder that is not writable are refused") {
  const TemporaryFolder folder;
  const std::string in_missing = folder / "missing/x", directory = folder.path().string(),
                    fixed = folder / "fixed/x";
  CHECK_THROWS_WITH_AS(write_file_atomically(in_missing, ""),
                       ("'" + in_missing + "' cannot be written: there is no folder '" +
                        (folder / "missing").string() + "'")
                           .c_str(),
                       InputError);
  CHECK_THROWS_WITH_AS(write_file_atomically(directory, ""),
                       ("'" + directory + "' cannot be written: it is a directory").c_str(),
                       InputError);
  std::filesystem::create_directory(folder / "fixed");
  REQUIRE(::chmod((folder / "fixed").c_str(), 0555) == 0);
  REQUIRE(::chmod(folder.path().c_str(), 0755) == 0);
  const Unprivileged nobody;
  CHECK_THROWS_WITH_AS(write_file_atomically(fixed, ""),
                       ("'" + fixed + "' cannot be written: the folder '" +
                        (folder / "fixed").string() + "' is not writable")
                           .c_str(),
                       InputError);
}

TEST_CASE("a full disk is called a full disk") {
  OpenFile full = OpenFile::to_append("/dev/full");
  CHECK_THROWS_WITH_AS(
      full.write("x"),
      "'/dev/full' cannot be written: the disk is full; free some space and repeat", Error);
}

TEST_CASE("a write that fails half-way leaves the old file and no temporary one") {
  const TemporaryFolder folder;
  const std::string path = folder.file("weights", "old");
  {
    const FileSizeLimit limit(1000);
    CHECK_THROWS_WITH_AS(write_file_atomically(path, std::string(5000, 'x')),
                         ("'" + path + "' cannot be written: File too large").c_str(), Error);
  }
  CHECK(read_file(path) == "old");
  CHECK(folder.entries() == 1);
}

TEST_CASE("what is appended comes behind what is there") {
  const TemporaryFolder folder;
  const std::string path = folder / "metrics.jsonl";
  OpenFile::to_append(path).write("{\"epoch\": 0}\n");
  OpenFile::to_append(path).write("{\"epoch\": 1}\n");
  CHECK(read_file(path) == "{\"epoch\": 0}\n{\"epoch\": 1}\n");
}

TEST_CASE("SHA-256 agrees with the examples of FIPS 180-4 and does not mind pieces") {
  const TemporaryFolder folder;
  CHECK(sha256_of_file(folder.file("empty", "")) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_of_file(folder.file("abc", "abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_of_file(folder.file("million", std::string(1'000'000, 'a'))) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  Sha256 in_pieces;
  for (const char* piece : {"a", "", "bc"}) in_pieces.add(piece);
  CHECK(in_pieces.hexadecimal() ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
