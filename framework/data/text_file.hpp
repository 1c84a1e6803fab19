// framework/data/text_file.hpp - a text as its characters, not its bytes.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lyap::framework {

/// The code points of a UTF-8 file, compressed with gzip or not, without a byte order mark; line
/// ends stay as they are.  InputError: empty, not UTF-8 (with line and byte), as
/// read_plain_or_gzip.
std::vector<char32_t> read_text(const std::filesystem::path& path);

/// The code points of UTF-8 in memory; a byte that is none of it becomes U+FFFD.
std::u32string characters_of(std::string_view utf8);

/// One code point in UTF-8.
std::string utf8_of(char32_t character);

}  // namespace lyap::framework
