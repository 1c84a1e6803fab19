// aelle/principal_axes.hpp - the directions in which the codes differ most.
#pragma once
#include <lyap/lyap.hpp>

namespace lyap::aelle {

/// Axes of the centred codes; their projections are coordinates.
struct PrincipalAxes {
  Vector mean;
  Matrix directions;  ///< latent x components, orthonormal; the largest entry of each is positive
  Vector explained;   ///< the share of the codes' variance along each
  bool center = true;

  /// codes: latent x rows; exact, from the singular vectors. 0 components: as many as there are.
  static PrincipalAxes of(const Host& host, const Matrix& codes, Index components, bool center);

  /// components x rows. Without `center` the codes are projected as they are, mean and all.
  Matrix coordinates(const Matrix& codes) const {
    if (!center) return directions.transpose() * codes;
    return directions.transpose() * (codes.colwise() - mean);
  }
};

inline PrincipalAxes PrincipalAxes::of(const Host& host, const Matrix& codes, Index components,
                                       bool center) {
  const Index thin = std::min(codes.rows(), codes.cols());
  const Index count = components ? components : thin;
  if (count > thin)
    throw BadOption("`components` is " + std::to_string(components) + ", but " +
                    std::to_string(codes.cols()) + " training spectra span no more than " +
                    std::to_string(thin) + " directions; ask for fewer");
  PrincipalAxes axes{codes.rowwise().mean(), Matrix(), Vector(), center};
  Matrix centred = codes.colwise() - axes.mean;
  Matrix s(thin, 1), u(codes.rows(), thin), vt(thin, codes.cols());
  host.svd(centred, s, u, vt);
  axes.directions = u.leftCols(count);
  const double variance = s.squaredNorm();
  axes.explained = s.col(0).head(count).cwiseAbs2() / (variance > 0 ? variance : 1);
  for (auto direction : axes.directions.colwise()) {
    Index largest = 0;
    direction.cwiseAbs().maxCoeff(&largest);
    if (direction[largest] < 0) direction = -direction;
  }
  return axes;
}

}  // namespace lyap::aelle
