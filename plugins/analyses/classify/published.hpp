// classify/published.hpp - figures of a publication, to be shown beside ours.
#pragma once
#include <cmath>
#include <cstdlib>
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "finite_means.hpp"

namespace lyap::classify {

struct Published {
  std::string rule;
  Index checkpoint = -1;  ///< -1: all of them together
  double recall = analyses::missing, precision = analyses::missing, f1 = analyses::missing;

  /// What the printed recall and precision give; missing without them.
  double recomputed_f1() const { return 2 * precision * recall / (precision + recall); }
};

namespace detail {

[[noreturn]] inline void refuse_published(const std::string& text) {
  throw BadOption("`published` has '" + text +
                  "'; it is written rule=F1, rule=recall/precision/F1 or, at the checkpoint number "
                  "2, rule@2=F1, with figures from 0 to 1");
}

/// Numbers from 0 to 1 with "/" between.
inline std::vector<double> shares_of(const std::string& text, const std::string& whole) {
  std::vector<double> shares;
  const char* at = text.c_str();
  for (;;) {
    char* end = nullptr;
    const double x = std::strtod(at, &end);
    if (end == at || !(x >= 0 && x <= 1)) refuse_published(whole);
    shares.push_back(x);
    if (*end == '\0') return shares;
    if (*end != '/') refuse_published(whole);
    at = end + 1;
  }
}

inline Published published_one(const std::string& text) {
  const std::size_t equals = text.find('='), at = text.find('@');
  if (equals == std::string::npos || equals == 0) refuse_published(text);
  Published p;
  p.rule = text.substr(0, std::min(equals, at));
  if (at < equals) {
    const std::string number = text.substr(at + 1, equals - at - 1);
    const bool digits = number.find_first_not_of("0123456789") == std::string::npos;
    if (number.empty() || number.size() > 9 || !digits) refuse_published(text);
    p.checkpoint = std::stol(number);
  }
  const std::vector<double> shares = shares_of(text.substr(equals + 1), text);
  if (shares.size() != 1 && shares.size() != 3) refuse_published(text);
  if (shares.size() == 3) p.recall = shares[0], p.precision = shares[1];
  p.f1 = shares.back();
  return p;
}

}  // namespace detail

inline std::vector<Published> published_of(const std::vector<std::string>& texts) {
  std::vector<Published> all;
  for (const std::string& text : texts) all.push_back(detail::published_one(text));
  return all;
}

}  // namespace lyap::classify
