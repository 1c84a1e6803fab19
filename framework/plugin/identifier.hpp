// framework/plugin/identifier.hpp - what a plugin, an option or a port may be called.
#pragma once
#include <string_view>

namespace lyap::framework {

/// Lower-case letters and digits in parts joined by single underscores, a letter first.
bool is_snake_case(std::string_view word);

/// At least two words joined by dots, as in "org.example.my_cell"; hyphens are allowed.
bool is_reverse_domain(std::string_view word);

}  // namespace lyap::framework
