// tests/bench/main.cpp - times one contestant with the real plugins; tests/bench/bench drives it.
#include <cblas.h>
#include <malloc.h>
#include <sys/resource.h>
#include <time.h>

#include <boost/program_options.hpp>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "base/allocator.hpp"
#include "bench.hpp"
#include "rates.hpp"

namespace {
using namespace lyap;
namespace po = boost::program_options;
using Json = nlohmann::ordered_json;

using Maker = bench::Contestant (*)(const bench::Words&, const framework::Catalog&,
                                    const framework::Surroundings&);
const std::map<std::string, Maker> makers{{"spectrum", bench::spectrum},
                                          {"ftle", bench::ftle},
                                          {"train", bench::training},
                                          {"autoencoder", bench::autoencoder},
                                          {"force", bench::force}};

/// Of all threads since the program began.
double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Peaks from here on: those of the rates' matrices do not count.
void forget_peak() {
  malloc_trim(0);  // what was freed is not in use
  std::ofstream("/proc/self/clear_refs") << 5;
}
double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

/// One line: the rates of the machine, asked for with --gemm and --triad, and a turn.
void print_turn(const po::variables_map& asked, framework::Workers& workers,
                const bench::Contestant& contestant) {
  Json line;
  if (asked.count("gemm"))
    line["gemm_gflops"] =
        bench::product_rate(workers, bench::ProductSize::parse(asked["gemm"].as<std::string>()));
  if (asked.count("triad"))
    line["triad_gbytes"] = bench::triad_rate(workers, asked["triad"].as<std::int64_t>());
  forget_peak();
  const double began = processor_seconds();
  const bench::Turn turn = contestant();
  line["seconds"] = turn.seconds;
  line["processor_seconds"] = processor_seconds() - began;
  line["numbers"] = turn.numbers;
  line["peak_mib"] = peak_mib();
  std::cout << line.dump() << std::endl;
}

void run(const po::variables_map& asked) {
  openblas_set_num_threads(1);
  framework::return_large_blocks();
  const framework::Catalog catalog({LYAP_PLUGIN_DIR});
  framework::Workers workers(asked["workers"].as<int>());
  const framework::DataFolders folders({});
  framework::Surroundings surroundings;
  surroundings.workers = &workers;
  surroundings.folders = &folders;
  surroundings.log = [](int, const std::string&) {};

  bench::Words words = asked["case"].as<bench::Words>();
  const auto maker = makers.find(words.front());
  if (maker == makers.end()) throw std::invalid_argument("no case '" + words.front() + "'");
  words.erase(words.begin());
  const bench::Contestant contestant = maker->second(words, catalog, surroundings);
  if (asked.count("in-turns")) {
    std::cout << "{}" << std::endl;  // ready
    for (std::string line; std::getline(std::cin, line);) print_turn(asked, workers, contestant);
  } else {
    for (int i = 0; i < asked["turns"].as<int>(); ++i) print_turn(asked, workers, contestant);
  }
}

}  // namespace

int main(int argc, char** argv) {
  po::options_description options("lyap_bench [OPTIONS] CASE WORDS...   (cases: bench.hpp)");
  options.add_options()("workers", po::value<int>()->default_value(2),
                        "threads that share the work")("turns", po::value<int>()->default_value(1),
                                                       "how often the work is done")(
      "in-turns", "do it once for every line of standard input")(
      "gemm", po::value<std::string>(), "also measure a product, such as f64:256x256x256")(
      "triad", po::value<std::int64_t>(), "also measure memory traffic on so many bytes a worker")(
      "case", po::value<bench::Words>(), "what is timed, and its words");
  po::positional_options_description positions;
  positions.add("case", -1);
  try {
    po::variables_map asked;
    po::store(po::command_line_parser(argc, argv).options(options).positional(positions).run(),
              asked);
    po::notify(asked);
    if (!asked.count("case")) {
      std::cout << options;
      return 2;
    }
    run(asked);
    return 0;
  } catch (const std::exception& e) {
    std::cerr << "lyap_bench: " << e.what() << '\n';
    return 2;
  }
}
