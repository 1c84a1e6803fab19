// tests/framework/data/text_file_test.cpp - characters in, characters out, and what is not UTF-8.
#include "data/text_file.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "../temporary_folder.hpp"
#include "base/error.hpp"
#include "gzip_bytes.hpp"

using namespace lyap::framework;

namespace {

using Characters = std::vector<char32_t>;

Characters read(const std::string& bytes) {
  const TemporaryFolder folder;
  return read_text(folder.file("text.txt", bytes));
}

// The sentence with which the text is refused, after the file's name.
std::string complaint_about(const std::string& bytes) {
  const TemporaryFolder folder;
  const std::string path = folder.file("text.txt", bytes);
  try {
    read_text(path);
  } catch (const InputError& refusal) {
    const std::string sentence = refusal.what();
    REQUIRE(sentence.starts_with(path));
    return sentence.substr(path.size());
  }
  return "(accepted)";
}

}  // namespace

TEST_CASE("a text is its characters, whatever number of bytes they take") {
  CHECK(read("a\u00e9\u20ac\U0001d6cc") == Characters{U'a', U'\u00e9', U'\u20ac', U'\U0001d6cc'});
  CHECK(read("one\r\ntwo\n") ==
        Characters{U'o', U'n', U'e', U'\r', U'\n', U't', U'w', U'o', U'\n'});
  CHECK(read(std::string("a\0b", 3)) == Characters{U'a', U'\0', U'b'});
}

TEST_CASE("the first and last character of every length are read and written back") {
  for (const char32_t character : {U'\x01', U'\x7f', U'\u0080', U'\u07ff', U'\u0800', U'\ud7ff',
                                   U'\ue000', U'\uffff', U'\U00010000', U'\U0010ffff'})
    CHECK(read(utf8_of(character)) == Characters{character});
}

TEST_CASE("a byte order mark is no character of the text") {
  CHECK(read("\xef\xbb\xbf"
             "ab") == Characters{U'a', U'b'});
}

TEST_CASE("a packed text is the text") {
  const TemporaryFolder folder;
  CHECK(read_text(folder.file("text.gz", gzip_bytes("\u00e9t\u00e9"))) ==
        Characters{U'\u00e9', U't', U'\u00e9'});
}

TEST_CASE("bytes that are not UTF-8 are refused with their line and place") {
  CHECK(complaint_about("fine\nnot \xe9 fine\n") ==
        ":2: not UTF-8 at byte 9 of the text (0xe9); save it as UTF-8");
  // a lone continuation, overlong forms, a surrogate, beyond the last code point, never used
  for (const char* wrong :
       {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xe0\x9f\xbf", "\xed\xa0\x80",
        "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xfe", "\xff", "\xc3(",
        "\xe2\x82(", "\xf0\x9d\x9b("}) {
    CAPTURE(std::string(wrong));
    CHECK(complaint_about(std::string("abc") + wrong).starts_with(":1: not UTF-8 at byte 3 "));
  }
}

TEST_CASE("a text that is empty is refused") {
  const TemporaryFolder folder;
  const std::string path = folder.file("text.txt", "");
  CHECK_THROWS_WITH_AS(read_text(path), ("'" + path + "' is empty; a text is needed").c_str(),
                       InputError);
}

TEST_CASE("a text cut within a character is refused, and one cut between characters is shorter") {
  const std::string whole = "a\u00e9\u20ac\U0001d6cc";
  const std::vector<std::size_t> between = {1, 3, 6, 10};
  for (std::size_t length = 1; length <= whole.size(); ++length) {
    const bool fine = std::find(between.begin(), between.end(), length) != between.end();
    CHECK((complaint_about(whole.substr(0, length)) == "(accepted)") == fine);
  }
}
