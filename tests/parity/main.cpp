// tests/parity/main.cpp - every case of a folder of reference tensors (LYAP_ORACLE_DIR) against our
// plugins; one line a case and quantity, and which architectures have no plugin.
#include <cblas.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "base/text.hpp"
#include "pipeline/read_yaml.hpp"
#include "quantities.hpp"

namespace lyap::parity {
namespace {
namespace fs = std::filesystem;
using namespace framework;

/// A new folder below the system's temporary one, gone with the object.
struct TemporaryFolder {
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "lyap-parity-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~TemporaryFolder() { fs::remove_all(path); }
  fs::path path;
};

Plan plan_of(const std::string& text, const std::string& name, const Catalog& catalog) {
  const auto source = std::make_shared<Source>(Source{name, text, ""});
  return resolve(parse(parse_yaml(source), name), catalog);
}

void check_case(const Fixture& fixture, const Catalog& catalog, const Surroundings& surroundings,
                Comparison& comparison) {
  const TemporaryFolder folder;
  const auto each = [&](bool last) {
    const Plan plan =
        plan_of(pipeline_of(fixture, folder.path, last, spectrum_measures(fixture, folder.path)),
                fixture.name, catalog);
    const Trial trial(plan, surroundings);
    const std::string which = last ? "last" : "seq";
    check_network(fixture, trial, which, comparison);
    const Plan fields = plan_of(
        pipeline_of(fixture, folder.path, last, plugin_measures(fixture, folder.path, last)),
        fixture.name, catalog);
    check_plugins(fixture, Trial(fields, surroundings), which, comparison);
    if (last) return;
    check_tangents(fixture, trial, comparison);
    check_spectra(fixture, trial, comparison);
    if (fixture.has("noisy.xi")) check_noise(fixture, trial, comparison);
  };
  each(false);
  each(true);
}

/// A run of FORCE learning, which has no .json beside it.
bool is_force(const fs::path& file) {
  return file.filename().string().starts_with("force_");
}

/// NAME.safetensors with NAME.json beside it, and force_NAME.safetensors, in and below the folders.
std::vector<fs::path> cases_in(const std::vector<std::string>& folders) {
  std::vector<fs::path> files;
  for (const std::string& folder : folders) {
    const auto first = static_cast<std::ptrdiff_t>(files.size());
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.path().extension() == ".safetensors" &&
          (is_force(entry.path()) || fs::exists(fs::path(entry.path()).replace_extension(".json"))))
        files.push_back(entry.path());
    std::sort(files.begin() + first, files.end());
  }
  return files;
}

int run() {
  openblas_set_num_threads(1);
  const char* given = std::getenv("LYAP_ORACLE_DIR");
  const std::vector<std::string> folders =
      given ? std::vector<std::string>{given}
            : std::vector<std::string>{LYAP_PARITY_FIXTURES, LYAP_PARITY_REFERENCES};
  const std::vector<fs::path> files = cases_in(folders);

  const Catalog catalog({LYAP_PLUGIN_DIR});
  Workers workers(2);
  const DataFolders no_data({});
  Surroundings surroundings;
  surroundings.workers = &workers;
  surroundings.folders = &no_data;
  surroundings.log = [](int, const std::string&) {};

  int checked = 0, failed = 0;
  std::vector<std::string> missing;
  const auto count = [&](const Comparison& comparison) {
    checked += comparison.checked();
    failed += comparison.failed();
  };
  for (const fs::path& file : files) {
    if (is_force(file)) {
      Comparison comparison(file.stem().string());
      check_force(file, catalog, surroundings, comparison);
      count(comparison);
      continue;
    }
    const Fixture fixture = read_fixture(file);
    if (cell_of(fixture).id.empty()) {
      missing.push_back(fixture.name + " (" + fixture.architecture + ")");
      continue;
    }
    Comparison comparison(fixture.name);
    check_case(fixture, catalog, surroundings, comparison);
    if (fixture.has("force.z")) check_learning(fixture, catalog, surroundings, comparison);
    count(comparison);
  }
  std::puts(fmt::format("{} cases in {}, {} without a plugin of their architecture{}{}",
                        files.size(), join(folders), missing.size(), missing.empty() ? "" : ": ",
                        join(missing))
                .c_str());
  std::puts(
      fmt::format("{} quantities within tolerance, {} outside", checked - failed, failed).c_str());
  return failed || checked == 0;
}

}  // namespace
}  // namespace lyap::parity

int main() {
  try {
    return lyap::parity::run();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "parity: %s\n", e.what());
    return 2;
  }
}
