// framework/plugin/try_options.cpp - the options a plugin is created with in its conformance tests.
#include "plugin/try_options.hpp"

#include <fmt/format.h>

namespace lyap::framework::checks {
namespace {

std::map<std::string, OptionWords> given_to(const CheckSubject& subject) {
  std::map<std::string, OptionWords> given;
  for (const auto& [name, text] : subject.options.with)
    if (const lyap_option* option = subject.plugin->option(name))
      given.emplace(name, option_words(*option, text));
  for (const lyap_option& option : subject.plugin->options())
    if (!option.fallback && !given.contains(option.name))
      throw CheckSkipped{fmt::format("option '{}' has no default; give --with {}=VALUE",
                                     option.name, option.name)};
  return given;
}

}  // namespace

CreateValues try_options(const CheckSubject& subject) {
  return CreateValues(subject.plugin->title(), subject.plugin->options(), given_to(subject));
}

CreateValues try_options(const CheckSubject& subject, const std::string& name,
                         const std::string& word) {
  auto given = given_to(subject);
  given.insert_or_assign(name, option_words(*subject.plugin->option(name), word));
  return CreateValues(subject.plugin->title(), subject.plugin->options(), given);
}

}  // namespace lyap::framework::checks
