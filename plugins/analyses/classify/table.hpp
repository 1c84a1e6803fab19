// classify/table.hpp - the scores as plain tables, beside what was published.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "figures.hpp"
#include "networks.hpp"
#include "published.hpp"
#include "rules.hpp"

namespace lyap::classify {

namespace detail {

inline std::string three_digits(double x) {
  char text[32];
  std::snprintf(text, sizeof text, std::isfinite(x) ? "%.3f" : "-", x);
  return text;
}
inline std::string count(double x) {
  return analyses::number(x, 15);
}
/// Flush right in a column this wide.
inline std::string right(const std::string& text, std::size_t width) {
  return std::string(std::max(width, text.size()) - text.size(), ' ') + text;
}
inline std::string left(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}
/// Without blanks at its end.
inline std::string line(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text + "\n";
}

inline std::size_t widest(const std::vector<std::string>& names, std::size_t least) {
  for (const std::string& name : names) least = std::max(least, name.size());
  return least;
}

inline std::string checkpoint_name(const Networks& t, Index checkpoint) {
  if (checkpoint == t.checkpoints) return "all";
  if (t.epoch.empty()) return std::to_string(checkpoint);
  return analyses::number(t.epoch[static_cast<std::size_t>(checkpoint)]);
}

inline const Published* published_at(const std::vector<Published>& all, const std::string& rule,
                                     Index checkpoint, const Networks& t) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Published& p) {
    const bool together = p.checkpoint < 0 || (t.checkpoints == 1 && p.checkpoint == 0);
    return p.rule == rule && (together ? t.checkpoints : p.checkpoint) == checkpoint;
  });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace detail

/// What the tables are made of.
struct Told {
  const Networks& networks;
  const std::vector<Rule>& rules;
  const Figures& figures;
  const Settings& settings;
  std::string heading;  ///< who is judged, and by what they are accurate

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const Rule& rule : rules) names.push_back(rule.name);
    return names;
  }
};

namespace detail {

inline std::string interval_text(const Interval& interval, Index c, Index r) {
  const double low = interval.lower(c, r, F1), high = interval.upper(c, r, F1);
  if (std::isnan(low)) return "";
  return "[" + three_digits(low) + ", " + three_digits(high) + "]";
}

/// Some are given with recall and precision, and not F1 alone.
inline bool with_rows(const std::vector<Published>& published) {
  return std::any_of(published.begin(), published.end(),
                     [](const Published& p) { return std::isfinite(p.recall); });
}

inline std::string published_head(const std::vector<Published>& published) {
  if (published.empty()) return "";
  return with_rows(published) ? "  | recall precision     F1 from row" : "  | published";
}

/// As printed, and the F1 that recall and precision give.
inline std::string published_text(const std::vector<Published>& published, const Published* p) {
  if (published.empty()) return "";
  if (!p) return "  |";
  if (!with_rows(published)) return "  |" + right(three_digits(p->f1), 10);
  return "  |" + right(three_digits(p->recall), 7) + right(three_digits(p->precision), 10) +
         right(three_digits(p->f1), 7) + right(three_digits(p->recomputed_f1()), 9);
}

inline std::string score_head(const Told& told, std::size_t width) {
  const bool seeds = told.networks.seeds > 1;
  char interval[32];
  std::snprintf(interval, sizeof interval, "%.4g %% interval", 100 * told.settings.confidence);
  std::string text = left("rule", width) + right("n", 7) + right("recall", 8) +
                     right("precision", 10) + right("F1", 7) + (seeds ? right("std", 7) : "") +
                     "  " + (told.settings.draws ? left(interval, 14) : "");
  text += published_head(told.settings.published);
  return line(text);
}

/// All rules at one checkpoint; the one behind the last: all together.
inline std::string scores_at(const Told& told, Index c, std::size_t width) {
  const Figures& f = told.figures;
  std::string text;
  for (std::size_t rule = 0; rule < told.rules.size(); ++rule) {
    const auto r = static_cast<Index>(rule);
    const std::string& name = told.rules[rule].name;
    std::string row = left(name, width) + right(count(f.count(c, r)), 7) +
                      right(three_digits(f.mean(c, r, Recall)), 8) +
                      right(three_digits(f.mean(c, r, Precision)), 10) +
                      right(three_digits(f.mean(c, r, F1)), 7);
    if (told.networks.seeds > 1) row += right(three_digits(f.deviation(c, r, F1)), 7);
    row += "  " + left(interval_text(f.interval, c, r), told.settings.draws ? 14 : 0);
    row += published_text(told.settings.published,
                          published_at(told.settings.published, name, c, told.networks));
    text += line(row);
  }
  return text;
}

}  // namespace detail

/// Every rule at every checkpoint, and at all of them together.
inline std::string score_table(const Told& told) {
  const Networks& t = told.networks;
  const std::size_t width = detail::widest(told.names(), 10);
  const std::string stage = t.epoch.empty() ? "checkpoint " : "epoch ";
  std::string text = told.heading;
  for (Index c = 0; c <= t.checkpoints; ++c) {
    if (t.checkpoints == 1 && c == 0) continue;  // the same as together
    if (t.checkpoints > 1)
      text += c < t.checkpoints ? stage + detail::checkpoint_name(t, c) + "\n"
                                : "all checkpoints together\n";
    text += detail::score_head(told, width) + detail::scores_at(told, c, width);
  }
  if (detail::with_rows(told.settings.published))
    text += "right of the bar: published, and the F1 that its recall and precision give\n";
  text.pop_back();
  return text;
}

/// F1 of every rule over the checkpoints.
inline std::string course_table(const Told& told) {
  const Networks& t = told.networks;
  const std::size_t width = detail::widest(told.names(), 16);
  std::string text = detail::left(t.epoch.empty() ? "F1 at checkpoint" : "F1 at epoch", width);
  for (Index c = 0; c <= t.checkpoints; ++c)
    text += detail::right(detail::checkpoint_name(t, c), 7);
  text = detail::line(text);
  for (std::size_t rule = 0; rule < told.rules.size(); ++rule) {
    std::string row = detail::left(told.rules[rule].name, width);
    for (Index c = 0; c <= t.checkpoints; ++c)
      row += detail::right(detail::three_digits(told.figures.mean(c, rule, F1)), 7);
    text += detail::line(row);
  }
  text.pop_back();
  return text;
}

namespace detail {

inline std::size_t width_of(const Rule& rule) {
  return std::max<std::size_t>(5, rule.name.size()) + 2;
}

/// The rules from `first` to before `last`.
inline std::string kinds_by(const Told& told, std::size_t first, std::size_t last) {
  const Networks& t = told.networks;
  const std::size_t width = widest(t.kinds, 11);
  std::string text = left("F1 in group", width) + right("n", 6) + right("accurate", 10);
  for (std::size_t r = first; r < last; ++r)
    text += right(told.rules[r].name, width_of(told.rules[r]));
  text = line(text);
  for (std::size_t kind = 0; kind < t.kinds.size(); ++kind) {
    std::string row = left(t.kinds[kind], width) +
                      right(count(told.figures.kind_count(kind, 0)), 6) +
                      right(count(told.figures.kind_count(kind, 1)), 10);
    for (std::size_t r = first; r < last; ++r)
      row += right(three_digits(told.figures.by_kind(kind, r, F1)), width_of(told.rules[r]));
    text += line(row);
  }
  return text;
}

}  // namespace detail

/// One row for each group, all checkpoints together; rules that do not fit on a line follow below.
inline std::string kind_table(const Told& told) {
  constexpr std::size_t line = 70;  // letters for the rules
  std::string text;
  for (std::size_t first = 0, last = 0; first < told.rules.size(); first = last) {
    std::size_t used = 0;
    for (last = first; last < told.rules.size(); ++last) {
      used += detail::width_of(told.rules[last]);
      if (used > line && last > first) break;
    }
    text += detail::kinds_by(told, first, last);
  }
  text.pop_back();
  return text;
}

}  // namespace lyap::classify
