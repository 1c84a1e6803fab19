// apps/lyap/commands/selftest.cpp - `lyap selftest`: exponents that are known in closed form.
#include <fmt/format.h>

#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "command.hpp"
#include "program.hpp"
#include "run/known_answers.hpp"

namespace lyap::app {
using namespace framework;

namespace {

std::string text_of(double value) {
  return std::isinf(value) ? (value < 0 ? "-inf" : "inf") : fmt::format("{:.10f}", value);
}

void print(const std::vector<KnownAnswer>& answers) {
  for (const KnownAnswer& a : answers) {
    std::cout << fmt::format("{:<12} {:<7} {}\n", a.name, a.passed ? "passed" : "FAILED", a.truth);
    if (!a.failure.empty())
      std::cout << fmt::format("{:20} {}\n", "", a.failure);
    else
      std::cout << fmt::format("{:20} expected {}, computed {}, error {:.1e}, tolerance {:.0e}\n",
                               "", text_of(a.expected), text_of(a.computed), a.error, a.tolerance);
  }
}

void print_json(const std::vector<KnownAnswer>& answers) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const KnownAnswer& a : answers) {
    const auto number = [](double v) {
      return std::isfinite(v) ? nlohmann::ordered_json(v) : nlohmann::ordered_json(nullptr);
    };
    json.push_back({{"name", a.name},
                    {"truth", a.truth},
                    {"passed", a.passed},
                    {"expected", number(a.expected)},
                    {"computed", number(a.computed)},
                    {"error", number(a.error)},
                    {"tolerance", a.tolerance},
                    {"failure", a.failure}});
  }
  std::cout << json.dump(2) << '\n';
}

}  // namespace

int selftest_command(const Words& words, Common common) {
  Arguments arguments(
      "selftest [options]",
      "Computes Lyapunov exponents that are known in closed form, with the plugins\n"
      "that are installed here, and compares. Needs no data. Exit code 3 when one\n"
      "is out of its tolerance.");
  arguments.example("lyap selftest");
  if (!arguments.read(words, common)) return 0;
  Program program(common);
  Surroundings surroundings = program.surroundings(1);
  surroundings.log = [](int, const std::string&) {};
  const std::vector<KnownAnswer> answers = compute_known_answers(program.catalog, surroundings);
  if (common.json)
    print_json(answers);
  else
    print(answers);
  std::size_t failed = 0;
  for (const KnownAnswer& a : answers) failed += !a.passed;
  if (!common.json)
    std::cout << fmt::format("{} passed, {} failed\n", answers.size() - failed, failed);
  return static_cast<int>(failed ? Exit::BadInput : Exit::Done);
}

}  // namespace lyap::app
