// aelle/groups.hpp - kinds of networks, in the order in which they come.
#pragma once
#include <algorithm>
#include <cmath>
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

namespace lyap::aelle {

/// Groups of networks by their codes; no code is a group too. A place is a network at a checkpoint:
/// network * checkpoints + checkpoint.
class Groups {
 public:
  Groups(const ArrayView& codes, Index checkpoints)
      : codes_(codes.values), checkpoints_(checkpoints) {
    for (const double code : codes_)
      if (std::find(order_.begin(), order_.end(), whole(code)) == order_.end())
        order_.push_back(whole(code));
  }
  /// The place's group, counted from the one that comes first.
  std::size_t rank(Index place) const {
    const std::int64_t code = whole(codes_[static_cast<std::size_t>(place / checkpoints_)]);
    return static_cast<std::size_t>(std::find(order_.begin(), order_.end(), code) - order_.begin());
  }
  /// "lstm 190 of 200 spectra, ...": how many of each are among these places.
  std::string counted(const Context& context, const std::vector<Index>& places) const {
    std::vector<Index> used(order_.size()), present(order_.size());
    for (const Index place : places) ++used[rank(place)];
    for (Index place = 0; place < std::ssize(codes_) * checkpoints_; ++place)
      ++present[rank(place)];
    std::string text;
    for (std::size_t i = 0; i < order_.size(); ++i)
      text += (i ? ", " : "") + name(context, order_[i]) + " " + std::to_string(used[i]) + " of " +
              std::to_string(present[i]) + " spectra";
    return text;
  }

 private:
  static std::int64_t whole(double code) {
    return std::isfinite(code) ? static_cast<std::int64_t>(code) : -1;
  }
  static std::string name(const Context& context, std::int64_t code) {
    if (code < 0) return "no group";
    const char* const word = context.label("group", code);
    return word ? word : std::to_string(code);
  }
  std::span<const double> codes_;
  Index checkpoints_;
  std::vector<std::int64_t> order_;
};

}  // namespace lyap::aelle
