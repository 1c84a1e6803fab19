// perturbation/table.hpp - the tests as a table to read, and in a sentence.
#pragma once
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "order_tests.hpp"

namespace lyap::perturbation {

namespace detail {

/// Three decimals, or significant digits when those would hide or crowd the number; what rounding
/// leaves of a loss is 0.
inline std::string figure(double x) {
  char text[32];
  if (std::isnan(x)) return "-";
  const double size = std::abs(x);
  if (size < 1e-12) return "0.000";
  std::snprintf(text, sizeof text, size >= 0.0005 && size < 1e5 ? "%.3f" : "%.2e", x);
  return text;
}
inline std::string probability(double p) {
  return p < 0.0005 ? "<0.001" : figure(p);
}

/// Cells flush right, with a blank between.
inline std::string row(const std::vector<std::pair<int, std::string>>& cells) {
  std::string line;
  for (const auto& [width, cell] : cells) {
    const auto length = static_cast<int>(cell.size());
    line +=
        (line.empty() ? "" : " ") + std::string(length < width ? width - length : 0, ' ') + cell;
  }
  return line + "\n";
}

inline const Published* published_at(const std::vector<Published>& rows, Index count) {
  for (const Published& row : rows)
    if (row.count == count) return &row;
  return nullptr;
}

/// The table of one ordering, lines of at most 92 letters.
inline std::string table_of(const analyses::Grid& tests, Index order, const Subject& subject,
                            const std::vector<Published>& published) {
  using Cells = std::vector<std::pair<int, std::string>>;
  Cells head{{7, "count"},   {10, "difference"}, {9, "error"},   {7, "p (z)"},
             {8, "p Welch"}, {7, "p Holm"},      {8, "p paired"}};
  if (!published.empty())
    head.insert(head.end(), {{1, "|"}, {10, "published"}, {7, "error"}, {7, "p"}});
  std::string text = row(head);
  for (Index c = 0; c < tests.shape[1]; ++c) {
    const Index count = subject.counts[static_cast<std::size_t>(c)];
    Cells cells{{7, std::to_string(count)},
                {10, figure(tests(order, c, Difference))},
                {9, figure(tests(order, c, StandardError))},
                {7, probability(tests(order, c, ZP))},
                {8, probability(tests(order, c, WelchP))},
                {7, probability(tests(order, c, HolmZP))},
                {8, probability(tests(order, c, PairedP))}};
    if (const Published* p = published_at(published, count))
      cells.insert(cells.end(), {{1, "|"},
                                 {10, figure(p->difference)},
                                 {7, figure(p->standard_error)},
                                 {7, figure(p->p)}});
    text += row(cells);
  }
  return text;
}

/// "20, 50 and 75", "none".
inline std::string listed(const std::vector<Index>& numbers) {
  if (numbers.empty()) return "none";
  std::string text = std::to_string(numbers[0]);
  for (std::size_t i = 1; i < numbers.size(); ++i)
    text += (i + 1 < numbers.size() ? ", " : " and ") + std::to_string(numbers[i]);
  return text;
}

inline std::vector<Index> below(const analyses::Grid& tests, Index order, Figure figure,
                                double level, const Subject& subject) {
  std::vector<Index> counts;
  for (Index c = 0; c < tests.shape[1]; ++c)
    if (tests(order, c, figure) < level)
      counts.push_back(subject.counts[static_cast<std::size_t>(c)]);
  return counts;
}

}  // namespace detail

/// One table for each ordering that was asked for; published figures are of the ordering r.
inline std::string table_of(const analyses::Grid& tests, const Ranking& ranking,
                            const Subject& subject, Index sequences, const Settings& settings) {
  std::string text;
  for (Index order = 0; order < order_count; ++order) {
    const auto o = static_cast<std::size_t>(order);
    if (!ranking.given[o]) continue;
    text += std::string("steps by ") + order_names[o] +
            ": loss difference beyond that of random steps, " + std::to_string(sequences) +
            " sequences, " + std::to_string(settings.draws) + " draws each\n" +
            detail::table_of(tests, order, subject,
                             order == ByR ? settings.published : std::vector<Published>{});
  }
  if (!text.empty()) text.pop_back();
  return text;
}

/// At which counts each ordering beats random steps, in the numbers' own words.
inline std::string sentence_of(const analyses::Grid& tests, const Ranking& ranking,
                               const Subject& subject) {
  std::string text;
  for (Index order = 0; order < order_count; ++order) {
    const auto o = static_cast<std::size_t>(order);
    if (!ranking.given[o]) continue;
    const auto at = [&](Figure figure, double level) {
      return detail::below(tests, order, figure, level, subject);
    };
    const auto tested = at(ZP, 2).size();
    text += (text.empty() ? "" : "; ") + std::string(order_names[o]);
    if (tested == 0)
      text += " was not tested: that takes two sequences and a count below their length";
    else
      text += " beats random steps at p < 0.05 (one-sided z) at " + detail::listed(at(ZP, 0.05)) +
              " of " + std::to_string(tested) + (tested == 1 ? " count" : " counts") +
              ", after Holm's correction at " + detail::listed(at(HolmZP, 0.05)) +
              ", paired by sequence at " + detail::listed(at(PairedP, 0.05)) +
              ", that corrected at " + detail::listed(at(HolmPairedP, 0.05));
  }
  return text;
}

}  // namespace lyap::perturbation
