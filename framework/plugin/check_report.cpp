// framework/plugin/check_report.cpp - the results of `lyap check`, for people and for programs.
#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "plugin/columns.hpp"
#include "plugin/conformance.hpp"

namespace lyap::framework {
namespace {

constexpr std::array<std::string_view, 5> words = {"passed", "warning", "skipped", "failed",
                                                   "crashed"};

std::string_view word_for(Verdict verdict) {
  return words[static_cast<std::size_t>(verdict)];
}

/// Tests skipped for the same reason share a line: behind a cell that cannot be created they would
/// hide why.
bool shares_line(const CheckResult& result, const CheckResult& before) {
  return result.verdict == Verdict::Skipped && before.verdict == Verdict::Skipped &&
         result.plugin == before.plugin && result.sentence == before.sentence;
}

}  // namespace

std::string check_text(const std::vector<CheckResult>& results, const CheckOptions& options) {
  std::vector<std::vector<std::string>> rows;
  std::array<int, words.size()> counts{};
  int more = 0;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const CheckResult& result = results[i];
    ++counts[static_cast<std::size_t>(result.verdict)];
    if (i > 0 && shares_line(result, results[i - 1])) {
      rows.back()[1] = fmt::format("{} tests", ++more);
      continue;
    }
    more = 1;
    rows.push_back({result.plugin.empty() ? "(library)" : result.plugin, result.test,
                    std::string(word_for(result.verdict)), result.sentence});
  }
  std::string text = columns(rows, "");
  for (std::size_t i = 0; i < words.size(); ++i)
    if (counts[i] > 0 || i == 0) text += fmt::format("{}{} {}", i ? ", " : "", counts[i], words[i]);
  return text + fmt::format("; seed {}\n", options.seed);
}

std::string check_json(const std::vector<CheckResult>& results, const CheckOptions& options) {
  nlohmann::ordered_json json{{"seed", options.seed}, {"conforms", conforms(results)}};
  json["results"] = nlohmann::ordered_json::array();
  for (const CheckResult& result : results)
    json["results"].push_back({{"plugin", result.plugin},
                               {"test", result.test},
                               {"verdict", word_for(result.verdict)},
                               {"sentence", result.sentence},
                               {"seconds", result.seconds}});
  using Handler = nlohmann::ordered_json::error_handler_t;
  return json.dump(2, ' ', false, Handler::replace) + "\n";
}

}  // namespace lyap::framework
