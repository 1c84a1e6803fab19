// apps/lyap/template.cpp - copies a plugin template under another name.
#include "template.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "base/error.hpp"
#include "base/file.hpp"
#include "program.hpp"

namespace lyap::app {
namespace fs = std::filesystem;
using framework::InputError;
namespace {

std::string replaced(std::string text, const std::string& old_word, const std::string& new_word) {
  for (std::size_t at = 0; (at = text.find(old_word, at)) != std::string::npos;
       at += new_word.size())
    text.replace(at, old_word.size(), new_word);
  return text;
}

/// A folder under a temporary name, gone when it is never renamed.
class UnfinishedFolder {
 public:
  explicit UnfinishedFolder(const fs::path& beside) {
    std::string pattern = (beside.parent_path() / ("." + beside.filename().string() + "-XXXXXX"));
    if (!::mkdtemp(pattern.data()))
      throw InputError(fmt::format(
          "no folder can be made in {}: {}; choose another one with --into",
          fs::absolute(beside).parent_path().string(), std::generic_category().message(errno)));
    path_ = pattern;
    fs::permissions(path_,
                    fs::perms::group_read | fs::perms::group_exec | fs::perms::others_read |
                        fs::perms::others_exec,
                    fs::perm_options::add);
  }
  UnfinishedFolder(const UnfinishedFolder&) = delete;
  UnfinishedFolder& operator=(const UnfinishedFolder&) = delete;
  ~UnfinishedFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }
  void rename(const fs::path& to) {
    fs::rename(path_, to);
    path_.clear();
  }

 private:
  fs::path path_;
};

}  // namespace

fs::path template_folder(const std::string& name) {
  fs::path folder = installed_prefix() / "share" / "lyap" / "template" / name;
  if (!fs::is_directory(folder))
    throw InputError(
        fmt::format("the template {} is not there; install the package lyap-sdk, or lyap "
                    "again with its share folder beside its bin",
                    folder.string()));
  return folder;
}

std::string in_camel_case(const std::string& snake_case) {
  std::string word;
  bool begins = true;
  for (const char letter : snake_case) {
    if (letter != '_') word += begins ? static_cast<char>(std::toupper(letter)) : letter;
    begins = letter == '_';
  }
  return word;
}

void copy_template(const fs::path& from, const fs::path& to, const std::string& old_word,
                   const std::string& new_word) {
  if (fs::symlink_status(to).type() != fs::file_type::not_found)
    throw InputError(
        fmt::format("{} exists already; nothing was changed. Take another name, or "
                    "another folder with --into",
                    to.string()));
  const auto renamed = [&](const std::string& text) {
    return replaced(replaced(text, old_word, new_word), in_camel_case(old_word),
                    in_camel_case(new_word));
  };
  UnfinishedFolder unfinished(to);
  for (const auto& entry : fs::recursive_directory_iterator(from)) {
    const fs::path target = unfinished.path() / renamed(fs::relative(entry.path(), from).string());
    if (entry.is_directory())
      fs::create_directories(target);
    else
      framework::write_file_atomically(target,
                                       renamed(framework::read_file(entry.path().string())));
  }
  unfinished.rename(to);
}

}  // namespace lyap::app
