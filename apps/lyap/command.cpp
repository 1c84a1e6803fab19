// apps/lyap/command.cpp - the commands there are, and what their exit codes mean.
#include "command.hpp"

#include "base/error.hpp"

namespace lyap::app {
namespace {

using framework::Exit;

constexpr Command all[] = {
    {"run", "carry out a pipeline file: data, training, measurements, a folder of results",
     run_command},
    {"plan", "what a pipeline would do: shapes, weights, cost; computes nothing", plan_command},
    {"sweep", "many networks from one pipeline: run, status, merge, retry, submit", sweep_command,
     sweep_parts},
    {"predict", "what a trained study, such as AeLLE, says of other networks", predict_command},
    {"report", "the report of a run or sweep written again, or several compared", report_command},
    {"spectrum", "Lyapunov spectrum of your own trained network (safetensors)", spectrum_command},
    {"data", "the data sets of pipelines: list, fetch, add, verify", data_command, data_parts},
    {"export", "a run's weights or results for PyTorch, numpy or pandas", export_command},
    {"plugins", "list the plugins found, and those refused with the reason", plugins_command},
    {"describe", "options, ports and reference of a plugin", describe_command},
    {"check", "conformance tests of a plugin library", check_command},
    {"new", "start a plugin of your own: cell, task, analysis or trainer", new_command},
    {"selftest", "compute exponents that are known in closed form", selftest_command},
};

constexpr ExitCode codes[] = {
    {static_cast<int>(Exit::Done), "done"},
    {static_cast<int>(Exit::RunFailed), "the run failed"},
    {static_cast<int>(Exit::Usage), "usage"},
    {static_cast<int>(Exit::BadInput), "bad pipeline, plugin, data or a failed check"},
    {static_cast<int>(Exit::SweepIncomplete), "a sweep with points failed or left"},
    {static_cast<int>(Exit::Interrupted), "interrupted"},
};

}  // namespace

std::span<const Command> commands() {
  return all;
}

std::span<const ExitCode> exit_codes() {
  return codes;
}

}  // namespace lyap::app
