// apps/lyap/command.hpp - the commands of the program, one file each under commands/.
#pragma once
#include <span>

#include "arguments.hpp"

namespace lyap::app {

/// Does what it says and returns the exit code; `common` holds what stood before the command.
struct Command {
  const char* name;
  const char* summary;
  int (*run)(const Words& words, Common common);
  std::span<const Command> (*parts)() = nullptr;  ///< of `lyap sweep`: run, status, ...
};

/// What an exit code of the program means; part of its interface.
struct ExitCode {
  int code;
  const char* meaning;
};

/// In the order in which `lyap --help` lists them.
std::span<const Command> commands();
std::span<const ExitCode> exit_codes();

std::span<const Command> sweep_parts();
std::span<const Command> data_parts();

int run_command(const Words&, Common);
int plan_command(const Words&, Common);
int predict_command(const Words&, Common);
int report_command(const Words&, Common);
int sweep_command(const Words&, Common);
int spectrum_command(const Words&, Common);
int data_command(const Words&, Common);
int export_command(const Words&, Common);
int plugins_command(const Words&, Common);
int describe_command(const Words&, Common);
int check_command(const Words&, Common);
int new_command(const Words&, Common);
int selftest_command(const Words&, Common);

}  // namespace lyap::app
