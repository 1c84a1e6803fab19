// framework/linalg/factorise.hpp - QR, LU and singular values in float64, by LAPACK.
#pragma once
#include <cstdint>
#include <span>

#include "lyap/views.hpp"

namespace lyap::framework {

// Every matrix has its own distance between columns.  Workspace is kept per thread and grows only,
// so that a loop over matrices of one size allocates nothing.  All of them throw NumericError when
// the matrix holds NaN or infinity, and BadShape when operands do not fit each other.

/// A = Q R with R's diagonal >= 0 (a zero counts as positive): A (m x k, m >= k) becomes Q with
/// orthonormal columns, `diagonal` (k) gets diag R.  Householder reflections; a column that depends
/// on those before it gets some direction that completes them.
void qr(Out a, std::span<double> diagonal);
/// The same; R (k x k, zero below its diagonal) too.
void qr(Out a, std::span<double> diagonal, Out r);
/// The diagonal of R alone, in half the time; A is destroyed.
void qr_diagonal(Out a, std::span<double> diagonal);

/// A = P^T L U by row pivoting: A (m x k) becomes L below and U on and above the diagonal, row i of
/// L is row rows[i] of A; `rows` (m).  A column without a pivot leaves a zero on U's diagonal and a
/// unit column in L, and the factorisation goes on.
void lu(Out a, std::span<std::int64_t> rows);

/// A = U diag(s) V^T, thin, s descending: A (m x k) is destroyed; s (p), U (m x p), Vt (p x k),
/// p = min(m, k).  U and Vt both empty: singular values alone.
void svd(Out a, std::span<double> s, Out u, Out vt);

}  // namespace lyap::framework
