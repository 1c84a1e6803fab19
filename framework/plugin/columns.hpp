// framework/plugin/columns.hpp - rows of words as text with straight columns.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace lyap::framework {

/// One line a row, each cell padded to the widest of its column and two spaces between columns;
/// columns that are empty in every row are left out, and no line ends in spaces. The first line
/// begins with `first`, the others with as many spaces as that is wide.
std::string columns(const std::vector<std::vector<std::string>>& rows, std::string_view first);

/// Characters of UTF-8 text, each taken to be one place wide.
std::size_t width_of(std::string_view text);

}  // namespace lyap::framework
