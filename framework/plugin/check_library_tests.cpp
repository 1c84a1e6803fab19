// framework/plugin/check_library_tests.cpp - conformance of a library as a whole.
#include <fmt/format.h>

#include <chrono>

#include "base/text.hpp"
#include "plugin/check_test.hpp"
#include "plugin/elf_identity.hpp"
#include "plugin/library.hpp"

namespace lyap::framework::checks {

std::string scan_fast(const CheckSubject& subject) {
  constexpr double limit = 0.1;  // seconds; a catalogue holds dozens of libraries
  const auto begin = std::chrono::steady_clock::now();
  const Library library(subject.file);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  std::string note = fmt::format("loaded in {:.0f} ms", 1e3 * taken.count());
  if (taken.count() > limit)
    throw CheckWarning{note + "; do less in static initialisers and link fewer libraries"};
  return note;
}

std::string load_now(const CheckSubject& subject) {
  const Library library(subject.file);
  const lyap_identity& made = library.identity();
  return fmt::format("ABI {}.{}, SDK {}, {}", made.abi_major, made.abi_minor, made.sdk,
                     made.compiler);
}

std::string one_symbol(const CheckSubject& subject) {
  constexpr std::string_view added_by_asan = "__odr_asan.";
  std::vector<std::string> others;
  for (const std::string& name : ElfFile(subject.file).exported_symbols())
    if (name != LYAP_LIBRARY_SYMBOL && !name.starts_with(added_by_asan)) others.push_back(name);
  if (others.empty()) return "";
  const std::size_t count = others.size();
  others.resize(std::min<std::size_t>(count, 3));
  throw CheckWarning{fmt::format(
      "exports {} further symbols ({}{}), which other code of the process may be bound to; build "
      "it with lyap_add_plugin()",
      count, join(others), count > others.size() ? ", ..." : "")};
}

// Library refuses what these two look for, so that loading is the test.
std::string ids_unique(const CheckSubject& subject) {
  return fmt::format("{} plugins", Library(subject.file).plugins().size());
}

std::string described(const CheckSubject& subject) {
  const Library library(subject.file);
  std::size_t options = 0, ports = 0;
  for (const Plugin& plugin : library.plugins()) {
    options += plugin.options().size();
    ports += plugin.ports().size();
    if (plugin.reference().empty())
      throw CheckWarning{
          fmt::format("'{}' gives no reference; say where its equations stand", plugin.id())};
  }
  return fmt::format("{} options, {} ports", options, ports);
}

}  // namespace lyap::framework::checks
