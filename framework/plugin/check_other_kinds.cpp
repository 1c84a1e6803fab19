// framework/plugin/check_other_kinds.cpp - conformance of trainers and analyses.
#include <fmt/format.h>

#include <algorithm>

#include "base/quantity.hpp"
#include "plugin/try_options.hpp"

namespace lyap::framework::checks {
namespace {

template <class Operations>
std::string create_with(const CheckSubject& subject, const Operations& operations) {
  const CreateValues values = try_options(subject);
  lyap_error error{};
  auto* made = operations.create(values.values().data(),
                                 static_cast<std::uint32_t>(values.values().size()), &error);
  if (!made)
    throw CheckFailed{*error.text ? fmt::format("create refuses its own defaults: {}", error.text)
                                  : "create returns null without a sentence"};
  operations.destroy(made);
  return fmt::format("{} options", values.values().size());
}

}  // namespace

std::string trainer_create_defaults(const CheckSubject& subject) {
  return create_with(subject, subject.plugin->trainer());
}

std::string analysis_create_defaults(const CheckSubject& subject) {
  return create_with(subject, subject.plugin->analysis());
}

// Every port's words were judged when the library was loaded; what is left is that they add up.
std::string ports_described(const CheckSubject& subject) {
  std::size_t results = 0;
  for (const lyap_port& port : subject.plugin->ports()) {
    if (port.role != LYAP_RESULT) continue;
    ++results;
    std::vector<std::string> axes = Quantity::parse(port.quantity).axes;
    std::sort(axes.begin(), axes.end());
    if (std::adjacent_find(axes.begin(), axes.end()) != axes.end())
      throw CheckFailed{
          fmt::format("result '{}' has the same axis twice: {}", port.name, port.quantity)};
  }
  if (results == 0) throw CheckFailed{"it has no results; declare them as ports"};
  return fmt::format("{} results", results);
}

}  // namespace lyap::framework::checks
