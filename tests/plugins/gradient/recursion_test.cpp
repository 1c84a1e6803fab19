// tests/plugins/gradient/recursion_test.cpp - products of Jacobians in terms of Q and R, and the
// recursion that they give.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "../spectrum/reference.hpp"
#include "../spectrum/small_tables.hpp"
#include "gradient/forms.hpp"
#include "gradient/frame_history.hpp"
#include "tangent_frame.hpp"

using lyap::Index;
using lyap::Matrix;
using lyap::Vector;
using lyap::analyses::FrameSettings;
using lyap::analyses::Orientation;
using lyap::analyses::TangentFrame;
using lyap::gradient::FrameHistory;
using reference::random;

namespace {

/// A pass over Jacobians that a test writes down.
struct Chain {
  explicit Chain(std::vector<Matrix> J)
      : system(small_kernel::prescribed(J)),
        steps(static_cast<Index>(J.size())),
        jacobians(std::move(J)),
        model(&model_ops, reinterpret_cast<const lyap_model*>(&system)),
        host({&host_ops, reinterpret_cast<lyap_host*>(&behind)}),
        pass((system.capacity = steps, model.begin(1, steps))) {
    pass.start();
    pass.run(Matrix::Zero(1, steps));
  }
  Index rows() const { return system.size; }

  small_kernel::System system;
  Index steps;
  std::vector<Matrix> jacobians;
  const lyap_model_ops model_ops = small_kernel::detail::model_ops();
  const lyap_host_ops host_ops = small_kernel::detail::host_ops();
  small_kernel::detail::Host behind;
  lyap::Model model;
  lyap::Host host;
  lyap::Pass pass;
};

std::vector<Matrix> random_jacobians(Index count, Index size, const std::string& name) {
  std::vector<Matrix> J;
  for (Index t = 0; t < count; ++t)
    J.push_back(random(size, size, name + "/" + std::to_string(t)) /
                std::sqrt(static_cast<double>(size)));
  return J;
}

Matrix orthonormal(const Chain& chain, const std::string& name) {
  Matrix Q = random(chain.rows(), chain.rows(), name), diagonal(chain.rows(), 1);
  chain.host.qr(Q, diagonal);
  return Q;
}

FrameSettings frames(Orientation orientation) {
  static const std::vector<lyap_value> none;
  lyap_value state{}, direction{}, first{};
  state.name = "state", state.text = "full";
  direction.name = "orientation",
  direction.text = orientation == Orientation::Forward ? "forward" : "transposed";
  first.name = "q0", first.text = "identity";
  const lyap_value values[] = {state, direction, first};
  return FrameSettings(lyap::Values(values, 3));
}

double gap(const Matrix& a, const Matrix& b) {
  return (a - b).cwiseAbs().maxCoeff();
}

/// grad_t = g_t + J_{t+1}^T grad_{t+1}: columns t = 0 .. steps.
Matrix by_adjoints(const std::vector<Matrix>& J, const Matrix& direct) {
  const auto steps = static_cast<Index>(J.size());
  Matrix gradient = Matrix::Zero(direct.rows(), steps + 1);
  for (Index t = steps; t >= 0; --t) {
    if (t < steps)
      gradient.col(t) = J[static_cast<std::size_t>(t)].transpose() * gradient.col(t + 1);
    if (t > 0) gradient.col(t) += direct.col(t - 1);
  }
  return gradient;
}

}  // namespace

TEST_CASE("J1^T J2^T J3^T = Q0 R1^T R2^T R3^T Q3^T, and in the printed order it is the transpose") {
  for (int draw = 0; draw < 20; ++draw) {
    const Chain chain(random_jacobians(3, 4, "triple" + std::to_string(draw)));
    const Matrix Q0 = draw % 2 ? orthonormal(chain, "Q0") : Matrix::Identity(4, 4);
    TangentFrame frame(chain.host, lyap::Scope::Full, Orientation::Forward, Q0);
    Matrix ascending = Matrix::Identity(4, 4), printed = Matrix::Identity(4, 4);
    for (Index t = 1; t <= 3; ++t) {
      frame.step(chain.pass, t, 0);
      ascending = (ascending * frame.R().transpose()).eval();
      printed = (frame.R() * printed).eval();
    }
    const auto& J = chain.jacobians;
    const Matrix wanted = J[0].transpose() * J[1].transpose() * J[2].transpose();
    CHECK(gap(Q0 * ascending * frame.Q().transpose(), wanted) < 1e-14);
    CHECK(gap(frame.Q() * printed * Q0.transpose(), wanted.transpose()) < 1e-14);
    CHECK(gap(frame.Q() * printed * Q0.transpose(), wanted) > 0.01);
  }
}

TEST_CASE("two Jacobians by hand: the gradient needs J1^T J2^T, eqs. 9 to 12 give J2^T J1^T") {
  const Chain chain({Matrix{{2.0, 1.0}, {0.0, 1.0}}, Matrix{{1.0, 0.0}, {1.0, 2.0}}});
  const Matrix wanted{{2.0, 2.0}, {1.0, 3.0}}, other{{3.0, 1.0}, {2.0, 2.0}};
  const auto& J = chain.jacobians;
  CHECK(Matrix(J[0].transpose() * J[1].transpose()) == wanted);
  CHECK(Matrix(J[1].transpose() * J[0].transpose()) == other);

  TangentFrame forward(chain.host, lyap::Scope::Full, Orientation::Forward, Matrix::Identity(2, 2));
  forward.step(chain.pass, 1, 0);
  const Matrix R1 = forward.R();
  forward.step(chain.pass, 2, 0);
  CHECK(gap(R1.transpose() * forward.R().transpose() * forward.Q().transpose(), wanted) < 1e-15);

  TangentFrame printed(chain.host, lyap::Scope::Full, Orientation::Transposed,
                       Matrix::Identity(2, 2));
  printed.step(chain.pass, 1, 0);
  const Matrix S1 = printed.R();
  printed.step(chain.pass, 2, 0);
  CHECK(gap(printed.Q() * printed.R() * S1, other) < 1e-15);
}

TEST_CASE("the forward form is the adjoint recursion, in memory or in segments of any length") {
  const Chain chain(random_jacobians(11, 5, "chain"));
  const Matrix direct = random(5, 11, "direct"), first = orthonormal(chain, "first");
  const Matrix wanted = by_adjoints(chain.jacobians, direct);
  const FrameSettings settings = frames(Orientation::Forward);
  for (Index segment = 1; segment <= 11; ++segment) {
    CAPTURE(segment);
    FrameHistory history(chain.host, settings, 5, 11, segment);
    Matrix v(5, 12), gradient(5, 12);
    lyap::gradient::forward_form(history, chain.pass, first, direct, v, gradient);
    CHECK(gap(gradient, wanted) < 1e-14 * wanted.cwiseAbs().maxCoeff());
    CHECK(gap(v.col(0), first.transpose() * wanted.col(0)) < 1e-14);
    CHECK(gap(v.colwise().norm(), wanted.colwise().norm()) < 1e-14);
  }
  const FrameSettings transposed = frames(Orientation::Transposed);
  FrameHistory history(chain.host, transposed, 5, 11, 11);
  Matrix v(5, 12), gradient(5, 12);
  lyap::gradient::forward_form(history, chain.pass, first, direct, v, gradient);
  CHECK(gap(gradient, wanted) > 0.1);
}

TEST_CASE(
    "the printed form is its sum, and the gradient only if Jacobians are symmetric and commute") {
  Chain chain(random_jacobians(8, 4, "printed"));
  Matrix direct = random(4, 8, "printed direct");
  direct.col(2).setZero(), direct.col(5).setZero();  // steps without a loss
  const std::vector<Index> losses{1, 2, 4, 5, 7, 8};
  const FrameSettings settings = frames(Orientation::Forward);
  FrameHistory history(chain.host, settings, 4, 8, 8);
  history.fill(chain.pass, Matrix::Identity(4, 4));
  double off = 0;
  for (Index t = 0; t <= 8; ++t) {
    Vector sum = Vector::Zero(4);
    for (const Index s : losses) {
      if (s < t) continue;
      Matrix product = Matrix::Identity(4, 4);
      for (Index u = t + 1; u <= s; ++u) product = (history.R(u) * product).eval();
      sum += history.Q(s) * product * history.Q(t).transpose() * direct.col(s - 1);
    }
    const Vector found = lyap::gradient::printed_form(history, direct, losses, t);
    CHECK(gap(found, sum) < 1e-14);
    off = std::max(off, gap(found, by_adjoints(chain.jacobians, direct).col(t)));
  }
  CHECK(off > 0.1);

  std::vector<Matrix> diagonal;
  for (const Matrix& J : chain.jacobians) diagonal.push_back(Vector(J.diagonal()).asDiagonal());
  const Chain commuting(diagonal);
  FrameHistory other(commuting.host, settings, 4, 8, 8);
  other.fill(commuting.pass, Matrix::Identity(4, 4));
  for (Index t = 0; t <= 8; ++t)
    CHECK(gap(lyap::gradient::printed_form(other, direct, losses, t),
              by_adjoints(diagonal, direct).col(t)) < 1e-14);
}

TEST_CASE("a sequence that does not fit is cut where it needs least memory") {
  // Q and R of 784 steps of 128 directions: 2 x 103 MB.
  CHECK(FrameHistory::bytes(128, 784, 784) ==
        doctest::Approx(2 * 784.0 * 128 * 128 * 8).epsilon(0.002));
  CHECK(FrameHistory::segment_for(128, 784, 256e6) == 784);
  CHECK(FrameHistory::segment_for(128, 784, 200e6) == 20);
  CHECK(FrameHistory::bytes(128, 784, 20) < 12e6);
  CHECK(FrameHistory::segment_for(128, 784, 1e6) == 0);
  CHECK(FrameHistory::segment_for(3, 1, 1e6) == 1);
}
