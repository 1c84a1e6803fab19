// classify/rules.hpp - the rules by name: what each looks at, and in how many dimensions.
#pragma once
#include <algorithm>
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "networks.hpp"
#include "settings.hpp"

namespace lyap::classify {

enum class Kind { Mean, Max, Component, Regression, Cells, Prediction, Loss };

struct Rule {
  std::string name;
  Kind kind;
  Port port;
  Index dimension;  ///< the component counted from 1, or how many are used; 0: all there are

  /// Its boundary is a loss, not to be found.
  bool fixed() const { return kind == Kind::Prediction || kind == Kind::Loss; }
};

struct RuleList {
  std::vector<Rule> rules;
  std::vector<std::string> left_out;  ///< that need more components than there are
};

namespace detail {

inline std::string numbered(const char* name, Index dimension) {
  return name + std::to_string(dimension);
}
inline std::string in_brackets(const char* name, Index dimension) {
  return std::string(name) + "[" + std::to_string(dimension) + "]";
}

inline std::vector<Rule> regressions(const char* name, Port port, const Settings& s) {
  std::vector<Rule> rules;
  for (const Index d : s.dimensions)
    rules.push_back({in_brackets(name, d), Kind::Regression, port, d});
  return rules;
}
inline std::vector<Rule> all_cells(const Settings& s) {
  std::vector<Rule> rules;
  for (const Index d : s.cells) rules.push_back({numbered("cells.", d), Kind::Cells, Aelle, d});
  return rules;
}

/// The number between `before` and `after` when the word is made of these; 0 otherwise.
inline Index number_in(const std::string& word, const std::string& before,
                       const std::string& after) {
  if (!word.starts_with(before) || !word.ends_with(after)) return 0;
  if (word.size() <= before.size() + after.size()) return 0;
  const std::string digits = word.substr(before.size(), word.size() - before.size() - after.size());
  const bool whole = digits.find_first_not_of("0123456789") == std::string::npos;
  return whole && digits.size() < 7 ? std::stol(digits) : 0;
}

/// The rules of one word that names no number of dimensions; none when there is no such word.
inline std::vector<Rule> plain(const std::string& word, const Settings& s) {
  if (word == "mean") return {{word, Kind::Mean, Spectra, 0}};
  if (word == "max") return {{word, Kind::Max, Spectra, 0}};
  if (word == "regression.spectra") return {{word, Kind::Regression, Spectra, 0}};
  if (word == "regression.raw") return regressions("regression.raw", Raw, s);
  if (word == "regression.aelle") return regressions("regression.aelle", Aelle, s);
  if (word == "cells") return all_cells(s);
  if (word == "prediction") return {{word, Kind::Prediction, Prediction, 0}};
  if (word == "loss") return {{word, Kind::Loss, Loss, 0}};
  return {};
}

/// A rule with its number of dimensions in its name; none when there is no such rule.
inline std::vector<Rule> numbered_rule(const std::string& word) {
  if (const Index d = number_in(word, "raw.", "")) return {{word, Kind::Component, Raw, d}};
  if (const Index d = number_in(word, "aelle.", "")) return {{word, Kind::Component, Aelle, d}};
  if (const Index d = number_in(word, "cells.", "")) return {{word, Kind::Cells, Aelle, d}};
  if (const Index d = number_in(word, "regression.raw[", "]"))
    return {{word, Kind::Regression, Raw, d}};
  if (const Index d = number_in(word, "regression.aelle[", "]"))
    return {{word, Kind::Regression, Aelle, d}};
  return {};
}

inline std::string needs(const Rule& rule, const Networks& t) {
  return "rule '" + rule.name + "' needs " + std::to_string(rule.dimension) +
         " components, and port '" + port_names[rule.port] + "' has " +
         std::to_string(t.features[rule.port]->width);
}

inline bool fits(const Rule& rule, const Networks& t) {
  return rule.dimension <= t.features[rule.port]->width;
}

/// BadOption: no such rule, its port is not connected, or it names too many components.
inline void append(RuleList& list, const std::string& word, const Settings& s, const Networks& t) {
  std::vector<Rule> found = plain(word, s);
  const bool named = found.empty();
  if (named) found = numbered_rule(word);
  if (found.empty() && (word == "regression.raw" || word == "regression.aelle" || word == "cells"))
    return;
  if (found.empty())
    throw BadOption("`rules` has '" + word +
                    "'; a rule is mean, max, raw.1, aelle.1, regression.spectra, regression.raw, "
                    "regression.aelle, prediction, cells or loss");
  for (const Rule& rule : found) {
    if (!t.has(rule.port))
      throw BadOption("rule '" + rule.name + "' needs port '" + port_names[rule.port] +
                      "', to which nothing is connected");
    if (rule.kind == Kind::Cells && rule.dimension > 62)
      throw BadOption("rule '" + rule.name + "' has too many cells; 62 components are the most");
    if (named && !fits(rule, t)) throw BadOption(needs(rule, t) + "; take fewer");
    if (fits(rule, t))
      list.rules.push_back(rule);
    else
      list.left_out.push_back(needs(rule, t));
  }
}

inline std::vector<std::string> connected(const Networks& t) {
  std::vector<std::string> words;
  const auto add = [&](Port port, std::vector<std::string> more) {
    if (t.has(port)) words.insert(words.end(), more.begin(), more.end());
  };
  add(Spectra, {"mean", "max"});
  add(Raw, {"raw.1"});
  add(Aelle, {"aelle.1"});
  add(Spectra, {"regression.spectra"});
  add(Raw, {"regression.raw"});
  add(Aelle, {"regression.aelle"});
  add(Prediction, {"prediction"});
  add(Aelle, {"cells"});
  add(Loss, {"loss"});
  return words;
}

}  // namespace detail

/// In the order asked for, each once. Rules of `dimensions` and `cells` that need more components
/// than there are are left out, and told.
inline RuleList rules_of(const Settings& s, const Networks& t) {
  RuleList list;
  for (const std::string& word : s.rules.empty() ? detail::connected(t) : s.rules)
    detail::append(list, word, s, t);
  for (std::size_t i = 0; i < list.rules.size(); ++i)
    for (std::size_t j = i + 1; j < list.rules.size(); ++j)
      if (list.rules[i].name == list.rules[j].name)
        throw BadOption("`rules` names '" + list.rules[i].name + "' twice");
  if (list.rules.empty())
    throw BadOption("no rule is left to judge by; name some in `rules`, `dimensions` or `cells`");
  return list;
}

}  // namespace lyap::classify
