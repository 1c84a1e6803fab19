// framework/plugin/markdown.hpp - plain words as cells of a Markdown table.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace lyap::framework {

/// Text that Markdown shows as it stands; what is between back quotes stays code.
std::string in_markdown(std::string_view text);
/// `text` as code; "" stays empty.
std::string as_code(std::string_view text);
/// A table with a head; columns that are empty in every row are left out. Empty without rows.
std::string markdown_table(const std::vector<std::string>& head,
                           const std::vector<std::vector<std::string>>& rows);

}  // namespace lyap::framework
