// apps/lyap/arguments.cpp - the words of one command: declared, read strictly, explained by --help.
#include "arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/parsers.hpp>
#include <cctype>
#include <iostream>
#include <sstream>

#include "base/error.hpp"
#include "base/text.hpp"

namespace lyap::app {
namespace po = boost::program_options;
using framework::UsageError;

namespace {

// Boost breaks lines behind a space.
std::string without_trailing_spaces(const std::string& text) {
  std::string kept;
  for (const char letter : text) {
    if (letter == '\n')
      while (kept.ends_with(' ')) kept.pop_back();
    kept += letter;
  }
  return kept;
}

}  // namespace

po::options_description common_options(Common& c) {
  po::options_description common("Options of every command");
  common.add_options()  //
      ("plugins", po::value(&c.plugins)->composing()->value_name("DIR"),
       "look for plugins here first (repeatable; then LYAP_PLUGIN_PATH, then the installed "
       "ones)")  //
      ("data", po::value(&c.data)->value_name("DIR"),
       "look for data sets here first (then in LYAP_DATA, then in ~/.cache/lyap)")  //
      ("workers,j", po::value(&c.workers)->value_name("N"),
       "threads that share the work; 0 = one per core. Numbers do not depend on it")  //
      ("memory", po::value(&c.memory)->value_name("MIB"),
       "memory one pass or one result may use, MiB (default 1024)")  //
      ("bits", po::bool_switch(&c.bits),
       "say exponents in bits, as published code does; files and JSON keep nats")         //
      ("json", po::bool_switch(&c.json), "results as JSON on standard output")            //
      ("quiet,q", po::bool_switch(&c.quiet), "no progress and no messages but warnings")  //
      ("help,h", po::bool_switch(&c.help), "explain this command");
  return common;
}

Arguments::Arguments(std::string usage, std::string about)
    : usage_(std::move(usage)), about_(std::move(about)) {}

po::options_description_easy_init Arguments::add() {
  return own_.add_options();
}

void Arguments::positional(const char* name, int count) {
  positional_.add(name, count);
  positional_names_.emplace_back(name);
}

bool Arguments::is_positional(const std::string& name) const {
  return std::find(positional_names_.begin(), positional_names_.end(), name) !=
         positional_names_.end();
}

std::string Arguments::known_near(const std::string& word) const {
  Words names;
  for (const auto& option : shown_.options()) names.push_back("--" + option->long_name());
  return framework::did_you_mean(word, names);
}

// The small words that usage begins with: "sweep run".
std::string Arguments::command() const {
  std::string words;
  std::istringstream usage(usage_);
  for (std::string word; usage >> word && std::islower(static_cast<unsigned char>(word[0]));)
    words += (words.empty() ? "" : " ") + word;
  return words;
}

bool Arguments::read(const Words& words, Common& common) {
  shown_.add(own_).add(common_options(common));
  namespace style = po::command_line_style;
  const int strict = style::unix_style & ~style::allow_guessing;
  try {
    po::store(
        po::command_line_parser(words).options(shown_).positional(positional_).style(strict).run(),
        values_);
    po::notify(values_);
  } catch (const po::unknown_option& e) {
    refuse("there is no option " + framework::quoted(e.get_option_name()) +
           known_near(e.get_option_name()));
  } catch (const po::too_many_positional_options_error&) {
    refuse("there are more arguments than it takes");
  } catch (const po::invalid_option_value& e) {
    const std::string said = e.what();  // ... ('five') ...: the one place that has the word
    const std::size_t begin = said.find("('"), end = said.find("')");
    refuse(
        e.get_option_name() + " takes a number" +
        (begin < end ? ", not " + framework::quoted(said.substr(begin + 2, end - begin - 2)) : ""));
  } catch (const po::error& e) {
    refuse(e.what());
  }
  if (common.help) {
    print_help();
    return false;
  }
  if (common.workers < 0 || common.workers > 4096)
    throw UsageError("--workers takes 0 (one per core) to 4096");
  if (common.memory < 1) throw UsageError("--memory takes a number of MiB, at least 1");
  return true;
}

void Arguments::print_help() const {
  std::ostringstream text;
  text << "Usage: lyap " << usage_ << "\n\n" << about_ << "\n\n";
  if (!examples_.empty()) {
    text << "Examples:\n";
    for (const std::string& line : examples_) text << "  " << line << '\n';
    text << '\n';
  }
  po::options_description options("Options");
  for (const auto& option : own_.options())
    if (is_positional(option->long_name()))
      text << fmt::format("{}: {}\n", option->format_parameter(), option->description());
    else
      options.add(option);
  if (!positional_names_.empty()) text << '\n';
  if (!options.options().empty()) text << options << '\n';
  Common unused;
  text << common_options(unused);
  std::cout << without_trailing_spaces(text.str());
}

std::string Arguments::text(const char* name) const {
  return has(name) ? values_[name].as<std::string>() : "";
}
Words Arguments::texts(const char* name) const {
  return has(name) ? values_[name].as<Words>() : Words{};
}
std::vector<std::pair<std::string, std::string>> Arguments::pairs(
    const char* name, const std::string& example) const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const std::string& word : texts(name)) {
    const std::size_t equals = word.find('=');
    if (equals == 0 || equals == std::string::npos)
      throw UsageError(fmt::format("--{} takes NAME=VALUE, as in --{} {}, not {}", name, name,
                                   example, framework::quoted(word)));
    const std::string left = word.substr(0, equals);
    for (const auto& [other, right] : all)
      if (other == left)
        throw UsageError(fmt::format("--{} says {} twice", name, framework::quoted(left)));
    all.emplace_back(left, word.substr(equals + 1));
  }
  return all;
}
std::int64_t Arguments::integer(const char* name) const {
  return values_[name].as<std::int64_t>();
}
std::string Arguments::required(const char* name, const std::string& what) const {
  if (!has(name)) refuse(what + " is missing");
  return values_[name].as<std::string>();
}
void Arguments::refuse(const std::string& sentence) const {
  throw UsageError(command() + ": " + sentence + " (lyap " + command() + " --help explains)");
}

std::size_t command_at(const Words& words) {
  Common unused;
  const auto options = common_options(unused);
  const auto takes_next_word = [&](const std::string& word) {
    for (const auto& option : options.options()) {
      const bool named =
          word == "--" + option->long_name() ||
          word == option->canonical_display_name(po::command_line_style::allow_dash_for_short);
      if (named) return option->semantic()->max_tokens() > 0;
    }
    return false;
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].empty() || words[i][0] != '-') return i;
    if (takes_next_word(words[i])) ++i;
  }
  return words.size();
}

}  // namespace lyap::app
