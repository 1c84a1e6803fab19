// apps/lyap/program.cpp - what the options of every command set up: terminal, plugins, data,
// workers.
#include "program.hpp"

#include <algorithm>
#include <thread>

#include "base/stop.hpp"

namespace lyap::app {
namespace fs = std::filesystem;
namespace {

std::vector<fs::path> plugin_folders(const Common& common, const std::vector<fs::path>& further) {
  std::vector<fs::path> given(common.plugins.begin(), common.plugins.end());
  given.insert(given.end(), further.begin(), further.end());
  return framework::search_path(given);
}

}  // namespace

Program::Program(const Common& common, const std::vector<fs::path>& further_plugins)
    : common(common),
      terminal(common.quiet),
      catalog(plugin_folders(common, further_plugins)),
      data(common.data) {}

framework::Workers& Program::workers() {
  if (!workers_) {
    const auto cores = static_cast<std::int64_t>(std::thread::hardware_concurrency());
    const std::int64_t count =
        common.workers > 0 ? common.workers : std::max<std::int64_t>(cores, 1);
    workers_ = std::make_unique<framework::Workers>(static_cast<int>(count));
  }
  return *workers_;
}

framework::Surroundings Program::surroundings(std::uint64_t seed) {
  framework::Surroundings given = surroundings_without_workers(seed);
  given.workers = &workers();
  return given;
}

framework::Surroundings Program::surroundings_without_workers(std::uint64_t seed) {
  framework::Surroundings given;
  terminal.heed(framework::stop_on_signals());
  given.seed = seed;
  given.folders = &data;
  given.files = files_;
  given.stop = &framework::stop_on_signals();
  given.log = [this](int level, const std::string& sentence) { terminal.say(level, sentence); };
  given.progress = [this](const std::string& stage, std::int64_t done, std::int64_t total) {
    terminal.progress(stage, done, total);
  };
  given.bits = common.bits;
  given.memory_budget = common.memory << 20;
  return given;
}

fs::path installed_prefix() {
  return fs::read_symlink("/proc/self/exe").parent_path().parent_path();
}

}  // namespace lyap::app
