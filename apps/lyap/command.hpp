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
};

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
