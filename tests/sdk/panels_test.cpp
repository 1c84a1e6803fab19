// tests/sdk/panels_test.cpp - products cut into panels are the products.
#include <doctest/doctest.h>

#include <lyap/panels.hpp>

#include "cell_trial.hpp"

using namespace lyap;
using namespace lyap::testing;

TEST_CASE_TEMPLATE("a matrix in panels multiplies like the matrix, whatever its shape", T, float,
                   double) {
  std::mt19937_64 source(1);
  for (const Index rows : {1, 63, 64, 65, 200})
    for (const Index depth : {1, 5, 320, 321, 700})
      for (const Index cols : {1, 7, 64, 130}) {
        const MatrixOf<T> a = random<T>(source, rows, depth), b = random<T>(source, depth, cols);
        const MatrixOf<T> before = random<T>(source, rows, cols), product = a * b;
        const auto view = [](const MatrixOf<T>& m) {
          return ConstViewOf<T>(m.data(), m.rows(), m.cols(), Eigen::OuterStride<>(m.rows()));
        };
        MatrixOf<T> out = before;
        ViewOf<T> to(out.data(), rows, cols, Eigen::OuterStride<>(rows));
        // Sums of `depth` products of numbers of order 1, in another order.
        const double rounding =
            8 * std::sqrt(static_cast<double>(depth)) * std::numeric_limits<T>::epsilon();
        Panels<T> panels;
        panels.set(a);
        panels.add_product(view(b), to);
        CHECK(distance(out, before + product) < rounding);
        panels.set_transposed(a.transpose());
        panels.multiply(view(b), to);
        CHECK(distance(out, product) < rounding);
        out = before;
        const MatrixOf<T> transposed = b.transpose();
        add_outer(view(a), view(transposed), to);
        CHECK(distance(out, before + product) < rounding);
      }
}
