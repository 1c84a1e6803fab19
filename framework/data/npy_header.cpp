// framework/data/npy_header.cpp - the Python dictionary at the head of a .npy file.
#include "data/npy_header.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <set>

#include "base/text.hpp"

namespace lyap::framework {
namespace {

/// Takes the text apart from left to right; each call returns false, or nothing, if something else
/// stands there.
class Cursor {
 public:
  explicit Cursor(std::string_view rest) : rest_(rest) {}

  bool take(std::string_view word) {
    skip_blanks();
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  bool at_end() {
    skip_blanks();
    return rest_.empty();
  }

  std::optional<std::string> string() {
    skip_blanks();
    if (rest_.empty() || (rest_[0] != '\'' && rest_[0] != '"')) return std::nullopt;
    const std::size_t end = rest_.find(rest_[0], 1);
    if (end == rest_.npos) return std::nullopt;
    const std::string word(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return word;
  }

  // A list of fields is not looked into; it ends where its bracket closes.
  std::optional<std::string> bracketed() {
    skip_blanks();
    std::ptrdiff_t depth = 0;
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      depth += (rest_[i] == '[') - (rest_[i] == ']');
      if (depth > 0) continue;
      const std::string list(rest_.substr(0, i + 1));
      rest_.remove_prefix(i + 1);
      return i > 0 ? std::optional(list) : std::nullopt;
    }
    return std::nullopt;
  }

  std::optional<std::int64_t> extent() {
    skip_blanks();
    const auto end =
        std::find_if(rest_.begin(), rest_.end(), [](char c) { return c < '0' || c > '9'; });
    const auto length = static_cast<std::size_t>(end - rest_.begin());
    const auto number = parse_integer(rest_.substr(0, length));
    if (number) rest_.remove_prefix(length);
    return number;
  }

 private:
  void skip_blanks() {
    const std::size_t start = rest_.find_first_not_of(" \n");
    rest_.remove_prefix(std::min(start, rest_.size()));
  }

  std::string_view rest_;
};

std::optional<std::vector<std::int64_t>> parse_shape(Cursor& cursor) {
  std::vector<std::int64_t> shape;
  if (!cursor.take("(")) return std::nullopt;
  while (!cursor.take(")")) {
    const auto extent = cursor.extent();
    if (!extent) return std::nullopt;
    shape.push_back(*extent);
    if (!cursor.take(",")) {
      if (!cursor.take(")")) return std::nullopt;
      break;
    }
  }
  return shape;
}

bool parse_entry(Cursor& cursor, const std::string& key, NpyHeader& header) {
  if (key == "descr") {
    auto descr = cursor.string();
    if (!descr) descr = cursor.bracketed();
    if (descr) header.descr = *descr;
    return descr.has_value();
  }
  if (key == "fortran_order") {
    header.fortran_order = cursor.take("True");
    return header.fortran_order || cursor.take("False");
  }
  if (key == "shape") {
    const auto shape = parse_shape(cursor);
    if (shape) header.shape = *shape;
    return shape.has_value();
  }
  return false;
}

}  // namespace

std::optional<NpyHeader> parse_npy_header(std::string_view text) {
  Cursor cursor(text);
  NpyHeader header;
  std::set<std::string> keys;
  if (!cursor.take("{")) return std::nullopt;
  while (!cursor.take("}")) {
    const auto key = cursor.string();
    if (!key || !keys.insert(*key).second || !cursor.take(":")) return std::nullopt;
    if (!parse_entry(cursor, *key, header)) return std::nullopt;
    if (!cursor.take(",")) {
      if (!cursor.take("}")) return std::nullopt;
      break;
    }
  }
  if (keys.size() != 3 || !cursor.at_end()) return std::nullopt;
  return header;
}

std::string npy_header_text(std::string_view descr, const std::vector<std::int64_t>& shape) {
  std::string extents;
  for (const std::int64_t extent : shape) extents += std::to_string(extent) + ", ";
  if (shape.size() > 1) extents.resize(extents.size() - 2);
  if (shape.size() == 1) extents.pop_back();  // (3,) is a tuple, (3) is a number
  return "{'descr': '" + std::string(descr) + "', 'fortran_order': False, 'shape': (" + extents +
         "), }";
}

std::string npy_head(std::string_view descr, const std::vector<std::int64_t>& shape) {
  std::string header = npy_header_text(descr, shape);
  constexpr std::size_t before = 10, unit = 64;  // magic, version and length
  header.append((unit - (before + header.size() + 1) % unit) % unit, ' ');
  header += '\n';
  assert(header.size() <= UINT16_MAX);
  const char version_and_length[] = {1, 0, static_cast<char>(header.size()),
                                     static_cast<char>(header.size() >> 8)};
  return "\x93NUMPY" + std::string(version_and_length, 4) + header;
}

}  // namespace lyap::framework
