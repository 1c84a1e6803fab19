// framework/plugin/conformance.cpp - `lyap check`: every test on every plugin, one process each.
#include "plugin/conformance.hpp"

#include <fmt/format.h>

#include <chrono>
#include <exception>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plugin/check_child.hpp"
#include "plugin/check_test.hpp"
#include "plugin/library.hpp"

namespace lyap::framework {
namespace {

// What is known of a library before its tests: learnt in a child, since loading may crash.
struct Contents {
  struct Entry {
    int kind;
    std::string id;
    std::vector<std::string> options;
  };
  std::vector<Entry> plugins;
};

// One letter of verdict, then the sentence: how a test answers from its process.
constexpr std::string_view letters = "pwsfc";

std::string answer(Verdict verdict, const std::string& sentence) {
  return letters[static_cast<std::size_t>(verdict)] + sentence;
}

std::string answer_of(const CheckTest& test, const CheckSubject& subject) {
  try {
    return answer(Verdict::Passed, test.run(subject));
  } catch (const CheckFailed& failed) {
    return answer(Verdict::Failed, failed.sentence);
  } catch (const CheckSkipped& skipped) {
    return answer(Verdict::Skipped, skipped.sentence);
  } catch (const CheckWarning& warning) {
    return answer(Verdict::Warning, warning.sentence);
  } catch (const Error& error) {
    return answer(Verdict::Failed, error.what());
  } catch (const std::exception& thrown) {
    return answer(Verdict::Failed, fmt::format("an exception crossed the border: {}; a plugin "
                                               "returns an error instead",
                                               thrown.what()));
  } catch (...) {
    return answer(Verdict::Failed,
                  "an exception that is no std::exception crossed the border; a plugin returns an "
                  "error instead");
  }
}

std::string run_test(const CheckTest& test, const std::filesystem::path& file,
                     const std::string& id, const CheckOptions& options) {
  if (test.kind == 0) return answer_of(test, {file, nullptr, options});
  const Library library(file);
  for (const Plugin& plugin : library.plugins())
    if (plugin.id() == id) return answer_of(test, {file, &plugin, options});
  return answer(Verdict::Failed, "the plugin was there and is gone");
}

CheckResult result_of(const CheckTest& test, const std::filesystem::path& file,
                      const std::string& id, const CheckOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  const auto work = [&] { return run_test(test, file, id, options); };
  const ChildAnswer reply =
      options.in_process ? ChildAnswer{true, work(), ""} : in_child(work, options.time_limit);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  if (!reply.answered || reply.text.empty())
    return {std::string(test.name), id, Verdict::Crashed, reply.death, taken.count()};
  const auto verdict = static_cast<Verdict>(letters.find(reply.text.front()));
  return {std::string(test.name), id, verdict, reply.text.substr(1), taken.count()};
}

// Lines: kind, id, options, with spaces between; none of them can hold one.
std::string contents_text(const std::filesystem::path& file) {
  std::string text;
  try {
    const Library library(file);
    for (const Plugin& plugin : library.plugins())
      text +=
          fmt::format("{} {} {}\n", plugin.kind(), plugin.id(), join(plugin.option_names(), " "));
  } catch (const Error&) {
    // load-now says why.
  }
  return text;
}

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(at), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

Contents contents_of(const std::filesystem::path& file, const CheckOptions& options) {
  const auto work = [&] { return contents_text(file); };
  const std::string text = options.in_process ? work() : in_child(work, options.time_limit).text;
  Contents contents;
  for (const std::string& line : split(text, '\n')) {
    std::vector<std::string> words = split(line, ' ');
    Contents::Entry entry{static_cast<int>(*parse_integer(words.at(0))), words.at(1), {}};
    entry.options.assign(words.begin() + 2, words.end());
    contents.plugins.push_back(std::move(entry));
  }
  return contents;
}

void require_known_test(const std::string& name) {
  if (name.empty()) return;
  std::vector<std::string> names;
  for (const CheckTest& test : check_tests()) names.emplace_back(test.name);
  for (const std::string& known : names)
    if (known == name) return;
  throw InputError(fmt::format("there is no test {}{}", quoted(name), did_you_mean(name, names)));
}

void require_known_options(const Contents& contents, const CheckOptions& options) {
  std::vector<std::string> names;
  for (const auto& plugin : contents.plugins)
    names.insert(names.end(), plugin.options.begin(), plugin.options.end());
  for (const auto& [name, text] : options.with)
    if (!names.empty() && std::find(names.begin(), names.end(), name) == names.end())
      throw InputError(fmt::format("no plugin of the library has an option {}{}", quoted(name),
                                   did_you_mean(name, names)));
}

}  // namespace

std::vector<CheckResult> check_library(const std::filesystem::path& file,
                                       const CheckOptions& options) {
  require_known_test(options.only);
  const Contents contents = contents_of(file, options);
  require_known_options(contents, options);
  std::vector<CheckResult> results;
  const auto run = [&](int kind, const std::string& id) {
    for (const CheckTest& test : check_tests())
      if (test.kind == kind && (options.only.empty() || options.only == test.name))
        results.push_back(result_of(test, file, id, options));
  };
  if (contents.plugins.empty()) {
    // Nothing else can be said about a library that does not load.
    for (const CheckTest& test : check_tests())
      if (test.name == "load-now") results.push_back(result_of(test, file, "", options));
    return results;
  }
  run(0, "");
  for (const auto& plugin : contents.plugins) run(plugin.kind, plugin.id);
  return results;
}

bool conforms(const std::vector<CheckResult>& results) {
  for (const CheckResult& result : results)
    if (result.verdict == Verdict::Failed || result.verdict == Verdict::Crashed) return false;
  return true;
}

}  // namespace lyap::framework
