// tests/bench/main.cpp - times one thing with the real plugins; tests/bench/bench drives it.
#include <cblas.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "bench.hpp"

int main(int argc, char** argv) {
  using namespace lyap;
  openblas_set_num_threads(1);
  const char* threads = std::getenv("LYAP_BENCH_THREADS");
  try {
    const framework::Catalog catalog({LYAP_PLUGIN_DIR});
    framework::Workers workers(threads ? std::atoi(threads) : 2);
    const framework::DataFolders folders({});
    framework::Surroundings surroundings;
    surroundings.workers = &workers;
    surroundings.folders = &folders;
    surroundings.log = [](int, const std::string&) {};
    const bench::Words words(argv + 2, argv + argc);
    const std::string what = argc > 1 ? argv[1] : "";
    if (what == "spectrum" && words.size() >= 5)
      bench::spectrum(words, catalog, surroundings);
    else if (what == "train" && words.size() == 5)
      bench::training(words, catalog, surroundings);
    else
      throw std::invalid_argument("usage: lyap_bench spectrum|train ... (see bench.hpp)");
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "lyap_bench: %s\n", e.what());
    return 2;
  }
}
