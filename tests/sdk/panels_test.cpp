// tests/sdk/panels_test.cpp - products cut into panels are the products.
#include <doctest/doctest.h>

#include <lyap/panels.hpp>

#include "cell_trial.hpp"

using namespace lyap;
using namespace lyap::testing;

namespace {

template <Real T>
ConstViewOf<T> view(const MatrixOf<T>& m) {
  return {m.data(), m.rows(), m.cols(), Eigen::OuterStride<>(m.rows())};
}

}  // namespace

TEST_CASE_TEMPLATE("a matrix in panels multiplies like the matrix, whatever its shape", T, float,
                   double) {
  std::mt19937_64 source(1);
  for (const Index rows : {1, 63, 64, 65, 200})
    for (const Index depth : {1, 5, 300, 1024, 1025})
      for (const Index cols : {1, 7, 64, 260}) {
        const MatrixOf<T> a = random<T>(source, rows, depth), b = random<T>(source, depth, cols);
        const MatrixOf<T> before = random<T>(source, rows, cols), product = a * b;
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

TEST_CASE_TEMPLATE("tiles of every width make the product", T, float, double) {
  std::mt19937_64 source(2);
  for (const Lanes lanes : {Lanes::two, Lanes::four, Lanes::eight}) {
    if (lanes > widest_lanes()) continue;
    const auto multiply = [&](const Factors<T>& f) { run_fused<TiledProduct>(lanes, f); };
    for (const Index rows : {1, 15, 31, 64, 129})
      for (const Index cols : {1, 5, 6, 14}) {
        const MatrixOf<T> a = random<T>(source, rows, 40), b = random<T>(source, 40, cols),
                          transposed = b.transpose(), product = a * b;
        MatrixOf<T> out(rows, cols);
        multiply({rows, cols, 40, a.data(), rows, b.data(), 40, false, out.data(), rows, false});
        CHECK(distance(out, product) < 60 * std::numeric_limits<T>::epsilon());
        multiply({rows, cols, 40, a.data(), rows, transposed.data(), cols, true, out.data(), rows,
                  true});
        CHECK(distance(out, 2 * product) < 120 * std::numeric_limits<T>::epsilon());
      }
  }
}

TEST_CASE_TEMPLATE("a column of a product does not depend on those beside it", T, float, double) {
  std::mt19937_64 source(3);
  for (const Index rows : {1, 19, 70, 200}) {
    const MatrixOf<T> a = random<T>(source, rows, 93), b = random<T>(source, 93, 13);
    Panels<T> panels;
    panels.set(a);
    MatrixOf<T> all(rows, 13), one(rows, 1);
    panels.multiply(view(b), ViewOf<T>(all.data(), rows, 13, Eigen::OuterStride<>(rows)));
    for (Index j = 0; j < 13; ++j) {
      panels.multiply(columns(view(b), j, 1),
                      ViewOf<T>(one.data(), rows, 1, Eigen::OuterStride<>(rows)));
      CHECK(one.col(0) == all.col(j));
    }
  }
}

TEST_CASE("memory fetched ahead is all of the stretches, one behind the other") {
  const MatrixOf<float> a(4, 5), b(2, 3);
  const ConstViewOf<float> nothing(nullptr, 4, 0, Eigen::OuterStride<>(4));
  CHECK(Ahead().bytes() == 0);
  CHECK(Ahead(nothing).bytes() == 0);
  const Ahead ahead(nothing, view(a), view(b));
  CHECK(ahead.bytes() == 4 * 26);
  const auto place = [](const MatrixOf<float>& m, Index byte) {
    return reinterpret_cast<const char*>(m.data()) + byte;
  };
  CHECK(ahead.at(0) == place(a, 0));
  CHECK(ahead.at(79) == place(a, 79));
  CHECK(ahead.at(80) == place(b, 0));
  CHECK(ahead.at(103) == place(b, 23));
}

TEST_CASE_TEMPLATE("no number depends on what is fetched ahead", T, float, double) {
  std::mt19937_64 source(4);
  for (const Index rows : {19, 64, 200})
    for (const Index depth : {3, 93, 1100}) {
      const MatrixOf<T> a = random<T>(source, rows, depth), b = random<T>(source, depth, 64);
      Panels<T> panels;
      panels.set(a);
      MatrixOf<T> plain(rows, 64), out(rows, 64);
      const auto into = [&](MatrixOf<T>& m) {
        return ViewOf<T>(m.data(), rows, 64, Eigen::OuterStride<>(rows));
      };
      panels.multiply(view(b), into(plain));
      panels.multiply(view(b), into(out), Ahead(view(a), view(b)));
      CHECK(out == plain);
      panels.add_product(view(b), into(plain));
      panels.add_product(view(b), into(out), Ahead(view(b)));
      CHECK(out == plain);
    }
}
