// apps/lyap/main.cpp - finds the command, runs it, turns errors into sentences and exit codes.
#include <cblas.h>
#include <fmt/format.h>
#include <lyap/identity.hpp>

#include <algorithm>
#include <iostream>

#include "base/allocator.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "terminal.hpp"
#include "version.hpp"

namespace lyap::app {
namespace {

void print_help() {
  std::cout << "lyap - Lyapunov analysis of recurrent neural networks\n\n"
               "Usage: lyap COMMAND [arguments] [options]\n\nCommands:\n";
  for (const Command& command : commands())
    std::cout << fmt::format("  {:<10} {}\n", command.name, command.summary);
  std::cout
      << "\n`lyap COMMAND --help` explains a command with examples; `lyap --version` says what\n"
         "this program was made with.\n\nExit codes:\n";
  for (const ExitCode& exit : exit_codes())
    std::cout << fmt::format("  {:<10} {}\n", exit.code, exit.meaning);
}

void print_version() {
  constexpr lyap_identity made = border::identity();
  std::cout << fmt::format("lyap {}\nplugin ABI {}.{}, SDK {}\n{}, running on {}\nEigen {}, {}\n",
                           version, made.abi_major, made.abi_minor, made.sdk, openblas_get_config(),
                           openblas_get_corename(), made.eigen, made.compiler);
}

int dispatch(const Words& words) {
  const std::size_t at = command_at(words);
  const Words before(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(at));
  if (std::count(before.begin(), before.end(), "--version")) {
    print_version();
    return 0;
  }
  if (at == words.size()) {
    print_help();
    const bool asked = std::count(before.begin(), before.end(), "--help") ||
                       std::count(before.begin(), before.end(), "-h");
    return asked ? 0 : static_cast<int>(framework::Exit::Usage);
  }
  Words names;
  for (const Command& command : commands()) {
    names.emplace_back(command.name);
    if (words[at] != command.name) continue;
    Words rest = before;
    rest.insert(rest.end(), words.begin() + static_cast<std::ptrdiff_t>(at) + 1, words.end());
    return command.run(rest, Common{});
  }
  throw framework::UsageError("there is no command '" + words[at] + "'" +
                              framework::did_you_mean(words[at], names) +
                              " (lyap --help lists them)");
}

}  // namespace
}  // namespace lyap::app

int main(int argc, char** argv) {
  using lyap::framework::Exit;
  // The worker pool is the only source of parallelism: BLAS threads on top of it cost a factor.
  openblas_set_num_threads(1);
  lyap::framework::return_large_blocks();
  try {
    const int code = lyap::app::dispatch({argv + 1, argv + argc});
    if (std::cout.flush()) return code;
    lyap::app::say_error("standard output could not be written; is the disk full?");
  } catch (const lyap::framework::Error& e) {
    lyap::app::say_error(e.what());
    return static_cast<int>(e.exit());
  } catch (const std::bad_alloc&) {
    lyap::app::say_error("out of memory; lower --memory, the batch or the number of sequences");
  } catch (const std::exception& e) {
    lyap::app::say_error(std::string(e.what()) + " (this is a mistake in lyap; please report it)");
  }
  return static_cast<int>(Exit::RunFailed);
}
