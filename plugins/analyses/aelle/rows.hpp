// aelle/rows.hpp - the rows of the autoencoder: the spectra of all networks at all checkpoints.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <lyap/lyap.hpp>
#include <map>
#include <string>
#include <vector>

namespace lyap::aelle {

inline constexpr double missing = std::numeric_limits<double>::quiet_NaN();
enum Part { Train, Validation, Test };
inline constexpr const char* part_names = "train validation test";

/// Those with a finite spectrum, which all are encoded; of them, those with a loss and a part.
struct Rows {
  Index networks = 0, checkpoints = 0;
  Matrix spectra;                           ///< length x rows
  Vector targets;                           ///< NaN: no loss
  std::vector<Index> places;                ///< network * checkpoints + checkpoint
  std::vector<Index> typical;               ///< rows of training networks, with or without a loss
  std::array<std::vector<Index>, 3> parts;  ///< rows with a loss, by part
  std::string left_out;                     ///< a sentence; "" when nothing was

  static Rows of(const Context& context);

  Index count() const { return spectra.cols(); }
};

namespace detail {

enum class Row { Good, Missing, Dead, Short };
/// Row of the table as it came: short when only its end is missing.
inline Row kind_of(std::span<const double> spectrum) {
  bool dead = false;
  const auto first =
      std::find_if(spectrum.begin(), spectrum.end(), [](double x) { return std::isnan(x); });
  for (auto x = spectrum.begin(); x != first; ++x) dead |= !std::isfinite(*x);
  if (dead) return Row::Dead;
  if (first == spectrum.end()) return Row::Good;
  const bool tail = std::all_of(first, spectrum.end(), [](double x) { return std::isnan(x); });
  return tail && first != spectrum.begin() ? Row::Short : Row::Missing;
}

inline void say(std::string& text, Index count, const char* what) {
  if (count) text += (text.empty() ? "" : "; ") + std::to_string(count) + " " + what;
}

}  // namespace detail

inline Rows Rows::of(const Context& context) {
  const ArrayView given = context.input("spectra").value();
  const auto targets = context.input("target"), parts = context.input("part"),
             groups = context.input("group");
  Rows rows;
  rows.networks = given.shape[0];
  rows.checkpoints = given.shape[1];
  const Index length = given.shape[2], all = rows.networks * rows.checkpoints;
  std::array<Index, 4> kinds{};
  for (Index place = 0; place < all; ++place) {
    const detail::Row kind = detail::kind_of(given.values.subspan(
        static_cast<std::size_t>(place * length), static_cast<std::size_t>(length)));
    ++kinds[static_cast<std::size_t>(kind)];
    if (kind == detail::Row::Good) rows.places.push_back(place);
  }
  const auto of_network = [&](const std::optional<ArrayView>& input, Index place) {
    return input->values[static_cast<std::size_t>(place / rows.checkpoints)];
  };
  if (groups) {
    // Groups in the order in which they come; NaN, no group, is one more.
    std::map<std::int64_t, std::size_t> ranks;
    const auto rank = [&](Index place) {
      const double code = of_network(groups, place);
      return ranks
          .try_emplace(std::isnan(code) ? -1 : static_cast<std::int64_t>(code), ranks.size())
          .first->second;
    };
    for (const Index place : rows.places) rank(place);
    std::stable_sort(rows.places.begin(), rows.places.end(),
                     [&](Index a, Index b) { return rank(a) < rank(b); });
  }
  const auto count = static_cast<Index>(rows.places.size());
  rows.spectra.resize(length, count);
  rows.targets = Vector::Constant(count, missing);
  Index without_loss = 0, without_part = 0;
  for (Index i = 0; i < count; ++i) {
    const Index place = rows.places[static_cast<std::size_t>(i)];
    rows.spectra.col(i) = Eigen::Map<const Vector>(given.values.data() + place * length, length);
    const double part = parts ? of_network(parts, place) : 0;
    if (part == 0) rows.typical.push_back(i);
    if (targets) rows.targets[i] = of_network(targets, place);
    if (!std::isfinite(rows.targets[i]))
      without_loss += targets.has_value();
    else if (part == 0 || part == 1 || part == 2)
      rows.parts[static_cast<std::size_t>(part)].push_back(i);
    else
      ++without_part;
  }
  detail::say(rows.left_out, kinds[1], "are missing");
  detail::say(rows.left_out, kinds[2], "have dead directions (minus infinity)");
  detail::say(rows.left_out, kinds[3],
              "are shorter than the longest: give them one length with `interpolate`");
  detail::say(rows.left_out, without_loss,
              "have no finite loss and are encoded but neither trained on nor compared");
  detail::say(rows.left_out, without_part, "have no part: likewise");
  if (!rows.left_out.empty())
    rows.left_out = "of " + std::to_string(all) + " spectra, " + rows.left_out;
  if (count == 0)
    throw BadData("no spectrum is finite" +
                  (rows.left_out.empty() ? std::string() : ": " + rows.left_out));
  return rows;
}

}  // namespace lyap::aelle
