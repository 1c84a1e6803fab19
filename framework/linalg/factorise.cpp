// framework/linalg/factorise.cpp - LAPACK's Fortran symbols behind factorise.hpp.
#include "linalg/factorise.hpp"

#include <fmt/format.h>
#include <lapack.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "lyap/border.hpp"

namespace lyap::framework {
namespace {

/// Scratch of one thread.  LAPACKE's plain interface would allocate and scan on every call.
struct Workspace {
  std::vector<double> reals, reflectors;
  std::vector<lapack_int> integers;
};
thread_local Workspace workspace;

template <class T>
T* at_least(std::vector<T>& scratch, Index size) {
  if (static_cast<Index>(scratch.size()) < size) scratch.resize(static_cast<std::size_t>(size));
  return scratch.data();
}

/// Runs `routine(work, lwork, info)` twice, as LAPACK wants it: first for the size it asks for.
template <class Routine>
lapack_int with_workspace(Routine&& routine) {
  double wanted = 0;
  lapack_int size = -1, info = 0;
  routine(&wanted, &size, &info);
  size = static_cast<lapack_int>(wanted);
  routine(at_least(workspace.reals, size), &size, &info);
  return info;
}

void expect(bool fits, const char* sentence) {
  if (!fits) throw BadShape(sentence);
}

/// LAPACK's pivot searches are not defined for NaN, and its QR would spread one silently.
void expect_finite(const char* what, const Out& a) {
  // x * 0 is NaN for NaN and for infinity; unlike Eigen's allFinite this is vectorised.
  double probe = 0;
  for (Index j = 0; j < a.cols(); ++j) probe += (a.col(j).array() * 0.0).sum();
  if (probe == 0) return;
  for (Index j = 0; j < a.cols(); ++j)
    for (Index i = 0; i < a.rows(); ++i)
      if (!std::isfinite(a(i, j)))
        throw NumericError(
            fmt::format("the {} of a {} x {} matrix is not defined: its element ({}, {}) is {}",
                        what, a.rows(), a.cols(), i, j, a(i, j)));
}

lapack_int extent(Index n) {
  return static_cast<lapack_int>(n);
}
lapack_int stride_of(const Out& a) {
  return extent(std::max({Index{1}, a.rows(), a.outerStride()}));
}

/// A becomes R on and above the diagonal, signs as they come, and the reflectors below.
void reflect(Out a, std::span<const double> diagonal) {
  expect(a.rows() >= a.cols(), "a thin QR needs at least as many rows as columns");
  expect(static_cast<Index>(diagonal.size()) == a.cols(), "diag R has one entry a column");
  expect_finite("QR factorisation", a);
  const lapack_int m = extent(a.rows()), k = extent(a.cols()), lda = stride_of(a);
  double* tau = at_least(workspace.reflectors, k);
  with_workspace([&](double* work, lapack_int* size, lapack_int* info) {
    LAPACK_dgeqrf(&m, &k, a.data(), &lda, tau, work, size, info);
  });
}

/// Turns reflectors into the first k columns of Q.
void form_Q(Out a) {
  const lapack_int m = extent(a.rows()), k = extent(a.cols()), lda = stride_of(a);
  const double* tau = workspace.reflectors.data();
  with_workspace([&](double* work, lapack_int* size, lapack_int* info) {
    LAPACK_dorgqr(&m, &k, &k, a.data(), &lda, tau, work, size, info);
  });
}

}  // namespace

void qr(Out a, std::span<double> diagonal) {
  if (a.cols() == 0) return;
  reflect(a, diagonal);
  Eigen::Map<Vector> signed_diagonal(diagonal.data(), a.cols());
  signed_diagonal = a.diagonal();
  form_Q(a);
  for (Index j = 0; j < a.cols(); ++j)
    if (signed_diagonal[j] < 0) a.col(j) *= -1;
  signed_diagonal = signed_diagonal.cwiseAbs();
}

void qr(Out a, std::span<double> diagonal, Out r) {
  expect(r.rows() == a.cols() && r.cols() == a.cols(), "R is square, one row a column of A");
  if (a.cols() == 0) return;
  reflect(a, diagonal);
  r.setZero();
  r.triangularView<Eigen::Upper>() = a.topRows(a.cols());
  form_Q(a);
  for (Index j = 0; j < a.cols(); ++j) {
    if (r(j, j) < 0) {
      a.col(j) *= -1;
      r.row(j).tail(a.cols() - j) *= -1;
    }
    r(j, j) = std::abs(r(j, j));
    diagonal[static_cast<std::size_t>(j)] = r(j, j);
  }
}

void qr_diagonal(Out a, std::span<double> diagonal) {
  if (a.cols() == 0) return;
  reflect(a, diagonal);
  Eigen::Map<Vector>(diagonal.data(), a.cols()) = a.diagonal().cwiseAbs();
}

void lu(Out a, std::span<std::int64_t> rows) {
  expect(static_cast<Index>(rows.size()) == a.rows(), "the row list of an LU has one entry a row");
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  const lapack_int m = extent(a.rows()), k = extent(a.cols()), lda = stride_of(a);
  if (m == 0 || k == 0) return;
  expect_finite("LU factorisation", a);
  lapack_int* swapped = at_least(workspace.integers, std::min(m, k));
  lapack_int info = 0;
  // info > 0 counts the first exactly zero pivot: no error here.
  LAPACK_dgetrf(&m, &k, a.data(), &lda, swapped, &info);
  for (lapack_int i = 0; i < std::min(m, k); ++i)
    std::swap(rows[static_cast<std::size_t>(i)], rows[static_cast<std::size_t>(swapped[i] - 1)]);
}

void svd(Out a, std::span<double> s, Out u, Out vt) {
  const Index p = std::min(a.rows(), a.cols());
  const bool vectors = u.size() > 0 || vt.size() > 0;
  expect(static_cast<Index>(s.size()) == p, "there are min(rows, columns) singular values");
  expect(!vectors ||
             (u.rows() == a.rows() && u.cols() == p && vt.rows() == p && vt.cols() == a.cols()),
         "a thin SVD of m x k gives U (m x p) and Vt (p x k), p = min(m, k), or neither");
  if (p == 0) return;
  expect_finite("SVD", a);
  const lapack_int m = extent(a.rows()), k = extent(a.cols());
  const lapack_int lda = stride_of(a), ldu = stride_of(u), ldvt = stride_of(vt);
  const char job = vectors ? 'S' : 'N';
  lapack_int* integers = at_least(workspace.integers, 8 * p);
  const lapack_int info = with_workspace([&](double* work, lapack_int* size, lapack_int* status) {
    LAPACK_dgesdd(&job, &m, &k, a.data(), &lda, s.data(), u.data(), &ldu, vt.data(), &ldvt, work,
                  size, integers, status);
  });
  if (info > 0)
    throw NumericError(fmt::format("the SVD of a {} x {} matrix did not converge", m, k));
}

}  // namespace lyap::framework
