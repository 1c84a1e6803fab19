// aelle/rows.hpp - the rows of the autoencoder: the spectra of all networks at all checkpoints.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "aelle/groups.hpp"

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
  std::array<std::vector<Index>, 3> parts;  ///< rows with a loss; those of a group together
  std::string groups;                       ///< "lstm 190 of 200 spectra, ..."; "" without groups
  std::string left_out;                     ///< a sentence; "" when nothing was

  static Rows of(const Context& context);

  Index count() const { return spectra.cols(); }

 private:
  void read_spectra(const ArrayView& given);
  void read_columns(const Context& context);
  void keep_together(const Groups& found, const Context& context);
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
  Rows rows;
  rows.read_spectra(context.input("spectra").value());
  rows.read_columns(context);
  if (const auto codes = context.input("group"))
    rows.keep_together(Groups(*codes, rows.checkpoints), context);
  if (!rows.left_out.empty())
    rows.left_out =
        "of " + std::to_string(rows.networks * rows.checkpoints) + " spectra, " + rows.left_out;
  if (rows.count() == 0)
    throw BadData("no spectrum is finite" + (rows.left_out.empty() ? "" : ": " + rows.left_out));
  return rows;
}

inline void Rows::read_spectra(const ArrayView& given) {
  networks = given.shape[0];
  checkpoints = given.shape[1];
  const Index length = given.shape[2];
  std::array<Index, 4> kinds{};
  for (Index place = 0; place < networks * checkpoints; ++place) {
    const detail::Row kind = detail::kind_of(given.values.subspan(
        static_cast<std::size_t>(place * length), static_cast<std::size_t>(length)));
    ++kinds[static_cast<std::size_t>(kind)];
    if (kind == detail::Row::Good) places.push_back(place);
  }
  const Eigen::Map<const Matrix> all(given.values.data(), length, networks * checkpoints);
  spectra = all(Eigen::all, places);
  detail::say(left_out, kinds[1], "are missing");
  detail::say(left_out, kinds[2], "have dead directions (minus infinity)");
  detail::say(left_out, kinds[3],
              "are shorter than the longest: give them one length with `interpolate`");
}

inline void Rows::read_columns(const Context& context) {
  const auto losses = context.input("target"), codes = context.input("part");
  targets = Vector::Constant(count(), missing);
  Index without_loss = 0, without_part = 0;
  for (Index i = 0; i < count(); ++i) {
    const auto network =
        static_cast<std::size_t>(places[static_cast<std::size_t>(i)] / checkpoints);
    const double part = codes ? codes->values[network] : 0;
    if (part == 0) typical.push_back(i);
    if (losses) targets[i] = losses->values[network];
    if (!std::isfinite(targets[i]))
      without_loss += losses.has_value();
    else if (part == 0 || part == 1 || part == 2)
      parts[static_cast<std::size_t>(part)].push_back(i);
    else
      ++without_part;
  }
  detail::say(left_out, without_loss,
              "have no finite loss and are encoded but neither trained on nor compared");
  detail::say(left_out, without_part, "have no part: likewise");
}

inline void Rows::keep_together(const Groups& found, const Context& context) {
  const auto rank = [&](Index row) { return found.rank(places[static_cast<std::size_t>(row)]); };
  for (std::vector<Index>& part : parts)
    std::stable_sort(part.begin(), part.end(), [&](Index a, Index b) { return rank(a) < rank(b); });
  groups = found.counted(context, places);
}

}  // namespace lyap::aelle
