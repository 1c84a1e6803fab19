// apps/lyap/arguments.hpp - the words of one command: declared, read strictly, explained by --help.
#pragma once
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/variables_map.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace lyap::app {

using Words = std::vector<std::string>;

/// Options every command takes, before or after its name.
struct Common {
  Words plugins;
  std::string data;
  std::int64_t workers = 0, memory = 1024;  ///< 0 = one per core; MiB
  bool quiet = false, json = false, bits = false, help = false;
};

/// What one command understands. Names are never abbreviated, so that a new option breaks no
/// script.
class Arguments {
 public:
  /// `usage` is what stands behind "lyap", e.g. "run FILE.yaml [options]"; `about` a paragraph.
  Arguments(std::string usage, std::string about);

  boost::program_options::options_description_easy_init add();
  /// The next word without a dash goes to option `name`; count < 0: all that remain.
  void positional(const char* name, int count = 1);
  /// A few lines that --help shows under "Examples:".
  void example(const std::string& line) { examples_.push_back(line); }

  /// Reads the words; throws UsageError with the remedy. True: go on; false: --help was printed.
  bool read(const Words& words, Common& common);

  const boost::program_options::variables_map& values() const { return values_; }
  bool has(const char* name) const { return values_.count(name) > 0; }
  std::string text(const char* name) const;
  Words texts(const char* name) const;
  /// The two sides of every word "left=right"; UsageError with `example` for another word or for
  /// a left side given twice.
  std::vector<std::pair<std::string, std::string>> pairs(const char* name,
                                                         const std::string& example) const;
  std::int64_t integer(const char* name) const;
  /// The text of a positional; UsageError when it is missing, calling it `what`.
  std::string required(const char* name, const std::string& what) const;
  /// Throws UsageError: the command, the sentence, and where the command is explained.
  [[noreturn]] void refuse(const std::string& sentence) const;

 private:
  void print_help() const;
  std::string command() const;
  bool is_positional(const std::string& name) const;
  std::string known_near(const std::string& word) const;

  std::string usage_, about_;
  Words examples_, positional_names_;
  boost::program_options::options_description own_, shown_;
  boost::program_options::positional_options_description positional_;
  boost::program_options::variables_map values_;
};

/// The options of Common as Program_options describes them.
boost::program_options::options_description common_options(Common& common);

/// Where the command stands among words: options may stand before it, so that it is the first word
/// that is neither an option nor the value of one.
std::size_t command_at(const Words& words);

}  // namespace lyap::app
