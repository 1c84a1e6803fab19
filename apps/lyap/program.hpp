// apps/lyap/program.hpp - what the options of every command set up: terminal, plugins, data,
// workers.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "data/locate.hpp"
#include "plugin/catalog.hpp"
#include "run/host.hpp"
#include "terminal.hpp"

namespace lyap::app {

/// One for each run of the program.
class Program {
 public:
  /// `further_plugins` are searched after those of --plugins. InputError: a folder is not there.
  explicit Program(const Common& common,
                   const std::vector<std::filesystem::path>& further_plugins = {});

  const Common common;
  Terminal terminal;
  const framework::Catalog catalog;
  const framework::DataFolders data;

  /// The threads that share the work, started when first asked for.
  framework::Workers& workers();
  /// What every stage of a run is given; refers to this program. From now on Ctrl-C is a request to
  /// stop.
  framework::Surroundings surroundings(std::uint64_t seed);
  /// The same before any thread is started, for a process that forks.
  framework::Surroundings surroundings_without_workers(std::uint64_t seed);

 private:
  std::unique_ptr<framework::Workers> workers_;
  std::shared_ptr<framework::DataFiles> files_ = std::make_shared<framework::DataFiles>();
};

/// Where the running program was installed: the folder above its `bin`.
std::filesystem::path installed_prefix();

}  // namespace lyap::app
