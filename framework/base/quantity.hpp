// framework/base/quantity.hpp - what an array means: its name, its axes and its unit.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace lyap::framework {

/// "exponent[sequence, index] nats/step": two ports may be joined when all three agree; collecting
/// one value per trial or checkpoint puts that axis in front.
struct Quantity {
  std::string name;               ///< "exponent"
  std::vector<std::string> axes;  ///< {"sequence", "index"}; none for a single number
  std::string unit;               ///< "nats/step", "" for pure numbers

  /// InputError: the text is not of that form (the sentence quotes it).
  static Quantity parse(std::string_view text);
  std::string text() const;
  bool operator==(const Quantity&) const = default;
};

}  // namespace lyap::framework
