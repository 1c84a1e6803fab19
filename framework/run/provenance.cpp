// framework/run/provenance.cpp - run.json: with what a run was made, and how it ended.
#include "run/provenance.hpp"

#include <cblas.h>
#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "plugin/library.hpp"

namespace lyap::framework {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Plugin& plugin) {
  const lyap_identity& made = plugin.library().identity();
  return {{"id", plugin.id()},
          {"kind", kind_name(plugin.kind())},
          {"version", plugin.version()},
          {"sha256", plugin.sha256()},
          {"file", plugin.file().string()},
          {"abi", fmt::format("{}.{}", made.abi_major, made.abi_minor)},
          {"sdk", made.sdk},
          {"compiler", made.compiler},
          {"eigen", made.eigen}};
}

std::string host_name() {
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  return name;
}

}  // namespace

std::string blas_description() {
  return fmt::format("{}; {} kernels; {} thread per worker", openblas_get_config(),
                     openblas_get_corename(), openblas_get_num_threads());
}

Provenance::Provenance(const RunDirectory& directory, const Plan& plan, RunCommand command)
    : directory_(directory), plan_(plan), command_(std::move(command)), begin_(time_stamp()) {
  write("running", -1, "");
}

void Provenance::finish(const std::string& status, int exit_code,
                        const std::string& sentence) const {
  write(status, exit_code, sentence);
}

void Provenance::write(const std::string& status, int exit_code,
                       const std::string& sentence) const {
  Json json;
  json["schema"] = "lyap-run-1";
  json["status"] = status;
  if (!sentence.empty()) json["reason"] = sentence;
  json["exit"] = exit_code < 0 ? Json(nullptr) : Json(exit_code);
  json["begin"] = begin_;
  json["end"] = exit_code < 0 ? Json(nullptr) : Json(time_stamp());
  json["command"] = command_.words;
  json["pipeline"] = command_.pipeline;
  json["folder"] = command_.folder;
  json["presets"] = command_.presets;
  json["overrides"] = command_.overrides;
  json["lyap"] = command_.version;
  json["seed"] = plan_.asked.seed;
  json["workers"] = command_.workers;
  json["blas"] = blas_description();
  json["host"] = host_name();
  json["conventions"] = {{"unit", "nats/step"},
                         {"jacobian", "J(i, j) = d s'_i / d s_j: row = output"},
                         {"state_order", "by part, then by layer"}};
  json["plugins"] = Json::array();
  for (const PlannedStep* step : {&plan_.task, &plan_.cell, &plan_.train})
    json["plugins"].push_back(json_of(*step->plugin));
  for (const PlannedMeasure& measure : plan_.measures)
    json["plugins"].push_back(json_of(*measure.plugin));
  directory_.write("run.json", json.dump(2) + "\n");
}

RunCommand command_of(const RunDirectory& directory) {
  const std::string name = directory.file("run.json").string();
  try {
    const Json json = Json::parse(read_file(directory.file("run.json")));
    RunCommand command;
    json.at("command").get_to(command.words);
    json.at("pipeline").get_to(command.pipeline);
    json.at("folder").get_to(command.folder);
    json.at("presets").get_to(command.presets);
    json.at("overrides").get_to(command.overrides);
    return command;
  } catch (const Json::exception& e) {
    throw InputError(name + ": not what a run writes (" + e.what() +
                     "); start the run anew from its pipeline");
  }
}

}  // namespace lyap::framework
