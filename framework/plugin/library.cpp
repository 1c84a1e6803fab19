// framework/plugin/library.cpp - opens a plugin library and decides whether to believe it.
#include "plugin/library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstring>
#include <system_error>
#include <vector>

// After <vector>: Boost 1.74 uses it without including it.
#include <boost/dll/shared_library.hpp>

#include "base/sha256.hpp"
#include "plugin/defects.hpp"
#include "plugin/elf_identity.hpp"
#include "plugin/refused.hpp"

namespace lyap::framework {
namespace {

using boost::dll::shared_library;
using boost::dll::load_mode::rtld_local;
using boost::dll::load_mode::rtld_now;

// Never unmapped, also after the handle has gone: objects, exceptions and threads of the plugin may
// outlive whatever we could tie it to.
constexpr auto stay = static_cast<boost::dll::load_mode::type>(RTLD_NODELETE);

// The dynamic loader's sentence without the file's name in front, which ours has already.
std::string loader_message(const std::filesystem::path& file) {
  const char* found = dlerror();
  std::string message = found ? found : "the dynamic loader gives no reason";
  const std::string prefix = file.string() + ": ";
  if (message.starts_with(prefix)) message.erase(0, prefix.size());
  return message;
}

// Boost.DLL's error code is "bad file descriptor" whatever went wrong; dlerror knows better.
shared_library load(const std::filesystem::path& file) {
  shared_library library;
  std::error_code failed;
  library.load(file, rtld_now | rtld_local | stay, failed);
  if (failed)
    throw Refused(file, fmt::format("cannot be loaded: {}; link it with lyap_add_plugin() and "
                                    "install the libraries it needs",
                                    loader_message(file)));
  return library;
}

const lyap_library& exported_table(const std::filesystem::path& file) {
  const shared_library library = load(file);
  if (!library.has(LYAP_LIBRARY_SYMBOL))
    throw Refused(file, "exports no symbol " LYAP_LIBRARY_SYMBOL
                        "; end one of its source files with LYAP_PLUGINS(...)");
  return library.get<const lyap_library>(LYAP_LIBRARY_SYMBOL);
}

}  // namespace

Library::Library(const std::filesystem::path& file) : file_(file) {
  {
    const ElfFile elf(file);
    identity_ = read_identity(elf);
    const std::string reason = objection(identity_);
    if (!reason.empty()) throw Refused(file, reason);
    Sha256 sum;
    sum.add(elf.bytes());
    sha256_ = sum.hexadecimal();
  }
  // Absolute, so that the loader never searches for it.
  const lyap_library& table = exported_table(std::filesystem::absolute(file));
  if (std::memcmp(&table.identity, &identity_, identity_.size) != 0)
    throw Refused(file, "its exported table and its section " LYAP_LIBRARY_SECTION
                        " say different things; rebuild it against an unedited abi.h");
  const std::string reason = defect(table);
  if (!reason.empty()) throw Refused(file, reason);
  for (std::uint32_t i = 0; i < table.plugin_count; ++i)
    plugins_.emplace_back(*table.plugin(i), *this);
}

}  // namespace lyap::framework
