// plugins/analyses/frame_settings.hpp - which tangent vectors an analysis carries along: options.
#pragma once
#include <lyap/lyap.hpp>

#include "tangent_frame.hpp"

namespace lyap::analyses {

struct FrameSettings {
  Scope scope;
  Orientation orientation;
  bool random;  ///< Q_0 is a random orthonormal frame, else the first columns of the identity

  static void declare(Options& o) {
    static constexpr const char* scopes[] = {"full", "hidden", nullptr};
    static constexpr const char* orientations[] = {"forward", "transposed", nullptr};
    static constexpr const char* frames[] = {"identity", "random_orthonormal", nullptr};
    o.choice("state", scopes)
        .fallback("full")
        .doc(
            "the whole state, or its hidden part with the other parts held fixed inside each step");
    o.choice("orientation", orientations)
        .fallback("forward")
        .doc("products of J, or of its transpose as in the published code");
    o.choice("q0", frames).fallback("identity").doc("the first tangent vectors");
  }
  explicit FrameSettings(const Values& v)
      : scope(v.is("state", "hidden") ? Scope::Hidden : Scope::Full),
        orientation(v.is("orientation", "transposed") ? Orientation::Transposed
                                                      : Orientation::Forward),
        random(v.is("q0", "random_orthonormal")) {}

  /// Q_0, n x k; `stream` is drawn from when it is random.
  Matrix first(Index n, Index k, const Host& host, const char* stream) const {
    if (!random) return Matrix::Identity(n, k);
    Matrix Q(n, k), diagonal(k, 1);
    host.normal(stream, Q);
    host.qr(Q, diagonal);
    return Q;
  }

  const char* scope_name() const { return scope == Scope::Full ? "full" : "hidden"; }
  const char* orientation_name() const {
    return orientation == Orientation::Forward ? "forward" : "transposed";
  }
  const char* first_name() const { return random ? "random_orthonormal" : "identity"; }
};

}  // namespace lyap::analyses
