// tests/plugins/alignment/small_pipeline.hpp - a network on generated digits, and its alignment.
#pragma once
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <lyap/lyap.hpp>
#include <memory>
#include <string>

#include "model/border.hpp"
#include "pipeline/read_yaml.hpp"
#include "run/measure.hpp"
#include "run/run.hpp"

namespace alignment_test {

using namespace lyap::framework;
using lyap::Index;
using lyap::Matrix;
using lyap::Vector;

/// What a run has, with this many workers.
inline const Surroundings& surroundings(int count = 2) {
  static const DataFolders folders({});
  const auto with = [](int n) {
    Surroundings s;
    s.workers = new Workers(n);  // until the process ends
    s.folders = &folders;
    s.log = [](int, const std::string&) {};
    return s;
  };
  static const Surroundings one = with(1), two = with(2), three = with(3);
  return count == 1 ? one : count == 2 ? two : three;
}

/// A host that belongs to nothing, for the parts of the plugin that a test calls itself.
inline const lyap::Host& host() {
  static LentHost lent(surroundings(), "test");
  static const lyap::Host host(lent.lent());
  return host;
}

/// 7 steps of 7 pixels, one image of a digit a sequence.
inline constexpr const char* digits =
    "{use: digits, with: {order: rows, pool: 4, train: 24, test: 6}}";

/// `cell`: what stands under `cell:`; `options`: of the alignment.
struct Case {
  Case(const std::string& cell, const std::string& options, const std::string& task = digits,
       int workers = 2)
      : plan(plan_of(cell, options, task)), trial(plan, surroundings(workers)) {}

  Measurement measure() const { return measure_weights(trial, trial.first_weights()).front(); }

  /// What `lyap plan` asks.
  std::string estimate() const {
    const lyap::framework::Analysis analysis(*plan.measures[0].plugin, plan.measures[0].with());
    return analysis.estimate(&trial.network().shape(), &trial.task().shape()).text;
  }

  static Plan plan_of(const std::string& cell, const std::string& options,
                      const std::string& task) {
    static const Catalog catalog({LYAP_PLUGIN_DIR});
    const std::string text = fmt::format(
        "lyap: 1\nname: small\nprecision: {{train: float64, analysis: float64}}\n"
        "trials:\n  task: {}\n  cell: {}\n"
        "  measure: [{{use: alignment, with: {{{}}}}}]\n",
        task, cell, options);
    const auto source = std::make_shared<Source>(Source{"small", text, ""});
    return resolve(parse(parse_yaml(source), "small"), catalog);
  }

  Plan plan;
  Trial trial;
};

inline Measurement measure(const std::string& cell, const std::string& options, int workers = 2) {
  return Case(cell, options, digits, workers).measure();
}

/// What a note says; of the measurement when no port is named.
inline std::string note(const Measurement& m, const std::string& key,
                        const std::string& port = "") {
  const auto& notes = port.empty() ? m.notes : m.find(port)->notes;
  for (const auto& [name, text] : notes)
    if (name == key) return text;
  return "";
}

/// The sentence with which something is refused.
template <class F>
std::string refusal(F&& f) {
  try {
    f();
  } catch (const std::exception& e) {
    return e.what();
  }
  return "";
}

}  // namespace alignment_test
