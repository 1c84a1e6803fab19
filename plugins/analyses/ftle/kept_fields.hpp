// ftle/kept_fields.hpp - the large results that are kept when they are asked for, and their price.
#pragma once
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "number_text.hpp"

namespace lyap::ftle {

/// How many numbers things have: rows of the scope, tangent vectors, rows of the full state.
struct Sizes {
  Index n, k, state;
};

/// Which results of every step are kept beside exponent and r.
struct Kept {
  bool r_matrix = false, q = false, jacobian = false, states = false;

  explicit Kept(const std::vector<std::string>& words) {
    for (const std::string& word : words) {
      if (word == "r_matrix")
        r_matrix = true;
      else if (word == "q")
        q = true;
      else if (word == "jacobian")
        jacobian = true;
      else if (word == "states")
        states = true;
      else
        throw BadOption("`keep` knows r_matrix, q, jacobian and states, not '" + word + "'");
    }
  }

  bool any() const { return r_matrix || q || jacobian || states; }
  /// Something that a QR at every step has and LU has not.
  bool needs_QR() const { return r_matrix || q || jacobian; }
  /// "r_matrix, q", as they would stand in the list.
  std::string text() const {
    std::string list;
    const auto add = [&](bool kept, const char* name) {
      if (kept) list += (list.empty() ? "" : ", ") + std::string(name);
    };
    add(r_matrix, "r_matrix"), add(q, "q"), add(jacobian, "jacobian"), add(states, "states");
    return list;
  }
  /// Of one step of one run.
  double bytes(const Sizes& s) const {
    const Index numbers =
        r_matrix * s.k * s.k + q * s.n * s.k + jacobian * s.n * s.n + states * s.state;
    return static_cast<double>(numbers) * sizeof(double);
  }
  /// BadOption when they take more than `storage` MB.
  void require_storage(double bytes, Index runs, Index steps, double storage) const {
    if (bytes <= storage * 1e6) return;
    throw BadOption("the kept fields (" + text() + ") of " + std::to_string(runs) + " runs of " +
                    std::to_string(steps) + " steps take " + analyses::megabytes(bytes) +
                    " MB, more than `storage` " + analyses::number(storage) +
                    " MB; lower `sequences`, `steps` or `count`, keep less, or raise `storage`");
  }
};

}  // namespace lyap::ftle
