// framework/plugin/option_words.hpp - the options of a plugin: words in, checked values out.
#pragma once
#include <lyap/abi.h>

#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lyap::framework {

/// What was written for an option: one word, or a list of them.
struct OptionWords {
  OptionWords() = default;
  OptionWords(std::string word) : words{std::move(word)} {}
  OptionWords(std::vector<std::string> list) : words(std::move(list)), is_list(true) {}

  std::vector<std::string> words;
  bool is_list = false;
};

/// Text as it stands in a default or on a command line: options that take a list read "[a, b]".
OptionWords option_words(const lyap_option& option, std::string_view text);

/// What is wrong with this text for this option, as a sentence that begins "option 'units'"; empty
/// when nothing is.
std::string mistake_in(const lyap_option& option, const OptionWords& text);

/// Whether the option takes integers or reals, alone or in a list, so that its range matters.
bool is_number(const lyap_option& option);

/// "integer", "real", "boolean", "text", "choice", "path", "reals", "texts".
std::string_view type_name(const lyap_option& option);

/// "1..1e6", "at least 0", or "" when both ends are open.
std::string range_text(const lyap_option& option);

/// The values a plugin's create is given: what was written, completed by the defaults.
class CreateValues {
 public:
  /// InputError: an option that does not exist, is required and not given, or has a value it cannot
  /// take. The sentences name the option, and `owner` ("cell 'rank1'") where the option does not
  /// exist or is missing.
  CreateValues(std::string_view owner, std::span<const lyap_option> options,
               const std::map<std::string, OptionWords>& given);
  CreateValues(const CreateValues&) = delete;
  CreateValues& operator=(const CreateValues&) = delete;

  /// In the order of the options; valid as long as this object.
  std::span<const lyap_value> values() const { return values_; }

 private:
  void add(const lyap_option& option, const OptionWords& text);

  // Deques: the values point into them while they grow.
  std::deque<std::string> words_;
  std::deque<std::vector<double>> reals_;
  std::deque<std::vector<const char*>> texts_;
  std::vector<lyap_value> values_;
};

}  // namespace lyap::framework
