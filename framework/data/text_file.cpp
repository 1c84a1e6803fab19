// framework/data/text_file.cpp - a text as its characters, not its bytes.
#include "data/text_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "data/gzip.hpp"

namespace lyap::framework {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

struct Decoded {
  char32_t character;
  std::size_t bytes;
};

// The first character of `text`; nothing when its bytes are not the shortest form of a code point
// that is a character (Unicode Standard, Table 3-7).
std::optional<Decoded> first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return Decoded{lead, 1};
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return std::nullopt;
  char32_t character = lead & (0x7f >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return std::nullopt;
    character = character << 6 | (byte(i) & 0x3f);
  }
  const char32_t smallest = bytes == 4 ? 0x10000 : bytes == 3 ? 0x800 : 0x80;
  const bool surrogate = character >= 0xd800 && character <= 0xdfff;
  if (character < smallest || character > 0x10ffff || surrogate) return std::nullopt;
  return Decoded{character, bytes};
}

}  // namespace

std::vector<char32_t> read_text(const std::filesystem::path& path) {
  const std::string bytes = read_plain_or_gzip(path);
  if (bytes.empty())
    throw InputError(fmt::format("'{}' is empty; a text is needed", path.string()));
  std::vector<char32_t> characters;
  characters.reserve(bytes.size());
  std::size_t at = bytes.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  while (at < bytes.size()) {
    const auto next = first_character(std::string_view(bytes).substr(at));
    if (!next) {
      const auto line =
          1 + std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at), '\n');
      throw InputError(
          fmt::format("{}:{}: not UTF-8 at byte {} of the text (0x{:02x}); save it as UTF-8",
                      path.string(), line, at, static_cast<unsigned char>(bytes[at])));
    }
    characters.push_back(next->character);
    at += next->bytes;
  }
  return characters;
}

std::u32string characters_of(std::string_view utf8) {
  std::u32string characters;
  for (std::size_t at = 0; at < utf8.size();) {
    const Decoded next = first_character(utf8.substr(at)).value_or(Decoded{0xfffd, 1});
    characters += next.character;
    at += next.bytes;
  }
  return characters;
}

std::string utf8_of(char32_t character) {
  const auto tail = [&](int shift) {
    return static_cast<char>(0x80 | (character >> shift & 0x3f));
  };
  if (character < 0x80) return {static_cast<char>(character)};
  if (character < 0x800) return {static_cast<char>(0xc0 | character >> 6), tail(0)};
  if (character < 0x10000) return {static_cast<char>(0xe0 | character >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | character >> 18), tail(12), tail(6), tail(0)};
}

}  // namespace lyap::framework
