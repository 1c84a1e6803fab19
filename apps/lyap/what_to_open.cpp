// apps/lyap/what_to_open.cpp - the end of a run or sweep: which of its files to look into, and how.
#include "what_to_open.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <vector>

#include "lyap/abi.h"
#include "shell_word.hpp"

namespace lyap::app {
namespace fs = std::filesystem;
namespace {

struct File {
  fs::path path;
  std::string use;
};

std::vector<File> known_files(const fs::path& folder) {
  return {{folder / "report.html", "all of it on one page: any browser"},
          {folder / "study.txt", "the tables of the studies: any editor"},
          {folder / "study.h5", "results of the studies: xarray, h5py"},
          {folder / "trials.csv", "a line for every network: pandas, a spreadsheet"},
          {folder / "trials.h5", "all networks, with their arrays: xarray, h5py"},
          {folder / "spectra.h5", "results of the measurements: xarray, h5py"},
          {folder / "metrics.jsonl", "a line for every epoch: pandas"},
          {folder / "checkpoints" / "final.safetensors", "the weights: lyap export, safetensors"}};
}

}  // namespace

void tell_what_to_open(const fs::path& folder, Terminal& terminal) {
  std::vector<File> files = known_files(folder);
  std::error_code unreadable;
  std::erase_if(files, [&](const File& file) { return !fs::exists(file.path, unreadable); });
  std::size_t width = 0;
  for (const File& file : files) width = std::max(width, file.path.string().size());
  std::string text;
  for (const File& file : files)
    text += fmt::format("\n  {:<{}}  {}", in_shell(file.path.string()), width, file.use);
  std::cout << std::flush;  // the results stand above this in one log, too
  if (!text.empty()) terminal.say(LYAP_INFO, "to open:" + text);
}

}  // namespace lyap::app
