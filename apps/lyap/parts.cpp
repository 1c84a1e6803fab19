// apps/lyap/parts.cpp - a command that has commands of its own, such as `lyap sweep run`.
#include "parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "base/error.hpp"
#include "base/text.hpp"

namespace lyap::app {
namespace {

void print_help(const char* command, const std::string& about, std::span<const Command> parts) {
  std::cout << fmt::format("Usage: lyap {} PART [arguments] [options]\n\n{}\n\nParts:\n", command,
                           about);
  for (const Command& part : parts)
    std::cout << fmt::format("  {:<8} {}\n", part.name, part.summary);
  std::cout << fmt::format("\n`lyap {} PART --help` explains a part with examples.\n", command);
}

}  // namespace

int run_part(const char* command, const std::string& about, std::span<const Command> parts,
             const Words& words, const Common& common) {
  const std::size_t at = command_at(words);
  if (at == words.size()) {
    print_help(command, about, parts);
    const bool asked = std::count(words.begin(), words.end(), "--help") ||
                       std::count(words.begin(), words.end(), "-h");
    return asked ? 0 : static_cast<int>(framework::Exit::Usage);
  }
  Words names, rest(words);
  rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(at));
  for (const Command& part : parts) {
    names.emplace_back(part.name);
    if (words[at] == part.name) return part.run(rest, common);
  }
  throw framework::UsageError(
      fmt::format("{0}: there is no part '{1}'{2} (lyap {0} --help lists them)", command, words[at],
                  framework::did_you_mean(words[at], names)));
}

}  // namespace lyap::app
