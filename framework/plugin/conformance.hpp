// framework/plugin/conformance.hpp - `lyap check`: does a plugin do what abi.h promises?
#pragma once
#include <lyap/abi.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace lyap::framework {

enum class Verdict { Passed, Warning, Skipped, Failed, Crashed };

struct CheckResult {
  std::string test;    ///< "push-vs-differences"
  std::string plugin;  ///< id; empty for tests of the library as a whole
  Verdict verdict;
  std::string sentence;  ///< what was found: the largest difference, the reason to fail or skip
  double seconds = 0;
};

struct CheckOptions {
  std::map<std::string, std::string> with;  ///< options for create, spelt as in a pipeline file
  std::string only;                         ///< the one test to run; empty: all
  bool in_process = false;                  ///< for debuggers: a crash then ends this process too
  std::uint64_t seed = 1;                   ///< of all the numbers the plugin is tried with
  double time_limit = 45;                   ///< seconds a test may take in its own process
  /// Makes what tasks are lent; called in the process of the test. Without it they are skipped.
  std::function<lyap_lent()> host;
  /// What is wrong with the text of an initialiser; "" when nothing is. Without it, its form alone
  /// is looked at.
  std::function<std::string(const std::string&)> mistake_in_initialiser;
};

/// Runs the tests for every plugin of the library, each in a child process. The caller has one
/// thread: children are forked. A library that is refused gives one failed result.
/// InputError: `only` names no test, or `with` an option that no plugin of the library has.
std::vector<CheckResult> check_library(const std::filesystem::path& file,
                                       const CheckOptions& options);

/// True when no result is failed or crashed.
bool conforms(const std::vector<CheckResult>& results);

/// One line a result, with the counts and the seed at the end.
std::string check_text(const std::vector<CheckResult>& results, const CheckOptions& options);
/// {"seed": 1, "conforms": true, "results": [{"plugin", "test", "verdict", "sentence", "seconds"}]}
std::string check_json(const std::vector<CheckResult>& results, const CheckOptions& options);

/// Every test: for which kind of plugin it is and what it states, one line each.
std::string check_list();

}  // namespace lyap::framework
