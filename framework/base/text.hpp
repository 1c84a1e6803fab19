// framework/base/text.hpp - words and numbers in messages and files: read strictly, written
// exactly.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lyap::framework {

/// How many letters must be inserted, deleted, replaced or swapped with a neighbour to turn one
/// word into the other (optimal string alignment), upper and lower case being the same letter.
std::size_t edit_distance(std::string_view one, std::string_view other);

/// "; did you mean 'units'?" with the candidate nearest to `word`, the first of equals; "" when
/// none is near: one edit in two letters, two in five, three in eight or more.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

/// 'word', with control characters written as \n, \t or \x1b.
struct Quoted {
  std::string operator()(std::string_view word) const;
};
/// An object and no function: for one, a string argument would bring in std::quoted, and that wins.
inline constexpr Quoted quoted;

/// The words with `between` between them.
std::string join(const std::vector<std::string>& words, std::string_view between = ", ");

/// The decimal integer that the whole of `text` is, if it is one and fits; a leading + is allowed.
std::optional<std::int64_t> parse_integer(std::string_view text);

enum class Infinity { Refused, Allowed };

/// The decimal number that the whole of `text` is (1e-4, .5, -3), nearest double; "inf" and "-inf"
/// only where allowed; nothing for NaN, hexadecimal, a value beyond the range of a double, or
/// blanks.
std::optional<double> parse_real(std::string_view text, Infinity infinity = Infinity::Refused);

/// The shortest decimal text that reads back as exactly this number.
std::string shortest(double number);
std::string shortest(float number);

}  // namespace lyap::framework
