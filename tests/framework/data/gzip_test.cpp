// tests/framework/data/gzip_test.cpp - packed files are unpacked whole or refused with a sentence.
#include "data/gzip.hpp"

#include <doctest/doctest.h>

#include "../temporary_folder.hpp"
#include "base/error.hpp"
#include "gzip_bytes.hpp"

using namespace lyap::framework;

namespace {

std::string complaint_about(const std::string& bytes, const std::string& name = "data.gz") {
  const TemporaryFolder folder;
  const std::string path = folder.file(name, bytes);
  try {
    read_plain_or_gzip(path);
  } catch (const InputError& refusal) {
    const std::string sentence = refusal.what(), start = "'" + path + "' ";
    REQUIRE(sentence.starts_with(start));
    return sentence.substr(start.size());
  }
  return "(accepted)";
}

}  // namespace

TEST_CASE("packed and plain files give the same bytes, whatever the packed one is called") {
  const TemporaryFolder folder;
  std::string bytes(300'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * i >> 7);
  CHECK(read_plain_or_gzip(folder.file("plain", bytes)) == bytes);
  CHECK(read_plain_or_gzip(folder.file("packed.gz", gzip_bytes(bytes))) == bytes);
  CHECK(read_plain_or_gzip(folder.file("packed", gzip_bytes(bytes))) == bytes);
  CHECK(read_plain_or_gzip(folder.file("nothing.gz", gzip_bytes(""))).empty());
}

TEST_CASE("packed files put behind each other unpack to one") {
  const TemporaryFolder folder;
  CHECK(read_plain_or_gzip(folder.file("two.gz", gzip_bytes("War and ") + gzip_bytes("Peace"))) ==
        "War and Peace");
}

TEST_CASE("a packed file cut at any byte is refused") {
  const std::string whole = gzip_bytes("Well, Prince, so Genoa and Lucca");
  CHECK(complaint_about("") ==
        "is not compressed, although its name ends in .gz; fetch it again or rename it");
  CHECK(complaint_about(whole.substr(0, 1)).starts_with("is not compressed"));
  for (std::size_t length = 2; length < whole.size(); ++length)
    CHECK(complaint_about(whole.substr(0, length)) ==
          "is cut short: its compressed data do not end; fetch it again");
}

TEST_CASE("packed data that were changed or are followed by others are refused") {
  const std::string whole = gzip_bytes("Well, Prince, so Genoa and Lucca");
  std::string changed = whole;
  changed[changed.size() - 6] ^= 1;  // in the check sum
  CHECK(complaint_about(changed) == "is damaged: incorrect data check; fetch it again");
  changed = whole;
  changed[2] = 7;  // the method
  CHECK(complaint_about(changed) == "is damaged: unknown compression method; fetch it again");
  CHECK(complaint_about(whole + "abc") == "has 3 bytes behind its compressed data");
}

TEST_CASE("packed data with a bit changed are refused unless the bit means nothing") {
  const TemporaryFolder folder;
  const std::string bytes = std::string(1000, 'x') + "Well, Prince, so Genoa and Lucca";
  const std::string whole = gzip_bytes(bytes);
  for (std::size_t at = 10; at < whole.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ 1 << bit);
      try {
        const std::string unpacked = read_plain_or_gzip(folder.file("data.gz", changed));
        CHECK(unpacked == bytes);
      } catch (const InputError&) {
      }
    }
}

TEST_CASE("a plain file that is called .gz is refused, since it is not what it says") {
  CHECK(complaint_about("<html>404</html>") ==
        "is not compressed, although its name ends in .gz; fetch it again or rename it");
  CHECK(complaint_about("<html>404</html>", "plain.txt") == "(accepted)");
}
