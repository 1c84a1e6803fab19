// apps/lyap/template.hpp - copies a plugin template under another name.
#pragma once
#include <filesystem>
#include <string>

namespace lyap::app {

/// The template that is installed beside the program: ../share/lyap/template/<name>.
/// InputError: it is not there.
std::filesystem::path template_folder(const std::string& name);

/// "two_words" as "TwoWords".
std::string in_camel_case(const std::string& snake_case);

/// Copies the files of `from` into the new folder `to`, with `new_word` for `old_word` in names and
/// texts, and the one in CamelCase for the other. The folder appears whole or not at all.
/// InputError: `to` exists, or its parent does not or cannot be written.
void copy_template(const std::filesystem::path& from, const std::filesystem::path& to,
                   const std::string& old_word, const std::string& new_word);

}  // namespace lyap::app
