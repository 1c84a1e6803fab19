// tests/sdk/record_test.cpp - every word of the recorder's vocabulary against differences.
#include <doctest/doctest.h>

#include "cell_trial.hpp"
#include "words.hpp"

using namespace lyap;
using namespace lyap::testing;

namespace {

constexpr Index inputs = 2, samples = 3, k = 2;

template <Real T>
struct Tried : Trial<Words, T> {
  explicit Tried(const std::string& word, std::uint64_t seed = 1)
      : Trial<Words, T>({{"word", word}}, inputs, 2, samples, seed, true) {}
  /// The states after the second step when only that step is made, from `before` and with x.
  MatrixOf<T> second(const MatrixOf<T>& before, const MatrixOf<T>& x) {
    this->bind();
    MatrixOf<T> out(this->rows(), samples);
    const MatrixOf<T> n = this->normal.rightCols(samples), u = this->uniform.rightCols(samples);
    const lyap_chunk chunk{sizeof chunk, 0,       1,       1,        lend(before),
                           lend(x),      lend(n), lend(u), lend(out)};
    border::call(this->ops.step, this->tape, &chunk);
    return out;
  }
};

template <class F>
void for_every_word(F&& f) {
  for (const Words::Word& word : Words::all()) {
    const std::string name = word.name;
    CAPTURE(name);
    f(name);
  }
}

// Central differences: their step, and what they are good to for numbers of order 1 (truncation
// h^2/6 times the third derivative, rounding eps/h).
template <Real T>
constexpr double h = std::same_as<T, double> ? 1e-5 : 1.0 / 128;
template <Real T>
constexpr double near = std::same_as<T, double> ? 1e-8 : 1e-3;

/// (f(h) - f(-h)) / 2h
template <Real T, class F>
Matrix slope_along(F&& f) {
  const Matrix up = f(T(h<T>)).template cast<double>(), down = f(T(-h<T>)).template cast<double>();
  return (up - down) / (2 * h<T>);
}

template <Real T>
void push_against_differences(const std::string& word) {
  Tried<T> c(word);
  // A state of its own: after a step with relu some units sit on the kink.
  const MatrixOf<T> s = c.state, x = c.input.rightCols(samples);
  c.second(s, x);
  const MatrixOf<T> v = random<T>(c.source, 6, samples * k);
  const MatrixOf<T> w = random<T>(c.source, inputs, samples * k);
  const MatrixOf<T> tangents = c.push({1, 0, samples}, v, w);
  for (Index j = 0; j < k; ++j) {
    const Eigen::ArithmeticSequence<Index, Index, Index> own(j, samples, k);
    const MatrixOf<T> ds = v(Eigen::all, own), dx = w(Eigen::all, own);
    const Matrix slope = slope_along<T>([&](T e) { return c.second(s + e * ds, x + e * dx); });
    CHECK(distance(tangents(Eigen::all, own).template cast<double>().eval(), slope) < near<T>);
  }
}

template <Real T>
void weights_against_differences(const std::string& word) {
  Tried<T> c(word);
  // A state of its own: after a step with relu some units sit on the kink.
  const MatrixOf<T> s = c.state, x = c.input.rightCols(samples);
  c.second(s, x);
  const MatrixOf<T> u = random<T>(c.source, 6, samples * k);
  const auto pulled = c.pull({1, 0, samples}, u);
  Matrix sum(6, samples);  // the k adjoints of a sample act on the same change of its state
  for (Index b = 0; b < samples; ++b)
    sum.col(b) = u.middleCols(b * k, k).template cast<double>().rowwise().sum();
  for (std::size_t i = 0; i < c.weights.size(); ++i) {
    const MatrixOf<T> kept = c.weights[i];
    const MatrixOf<T> change = random<T>(c.source, kept.rows(), kept.cols());
    const Matrix slope = slope_along<T>([&](T e) {
      c.weights[i] = kept + e * change;
      return c.second(s, x);
    });
    c.weights[i] = kept;
    const double along = pulled.weights[i].cwiseProduct(change).sum();
    CHECK(std::abs(along - sum.cwiseProduct(slope).sum()) < 10 * near<T>);
  }
}

}  // namespace

TEST_CASE("every word: push agrees with differences in both precisions") {
  for_every_word([](const std::string& word) {
    push_against_differences<double>(word);
    push_against_differences<float>(word);
  });
}

TEST_CASE("every word: pull is the transpose of push") {
  for_every_word([](const std::string& word) {
    Tried<double> c(word);
    c.run();
    const lyap_point at{1, 1, 2};
    const Matrix v = random<double>(c.source, 6, 2 * k);
    const Matrix w = random<double>(c.source, inputs, 2 * k);
    const Matrix u = random<double>(c.source, 6, 2 * k);
    const auto pulled = c.pull(at, u);
    const double pushed = u.cwiseProduct(c.push(at, v, w)).sum();
    CHECK(pulled.state.cwiseProduct(v).sum() + pulled.input.cwiseProduct(w).sum() ==
          doctest::Approx(pushed).epsilon(1e-13));
  });
}

TEST_CASE("every word: the weights' adjoints agree with differences in both precisions") {
  for_every_word([](const std::string& word) {
    weights_against_differences<double>(word);
    weights_against_differences<float>(word);
  });
}

TEST_CASE("every word: the Jacobian is push of the identity, in every order") {
  for_every_word([](const std::string& word) {
    Tried<double> c(word);
    c.run();
    const Matrix whole = c.push({1, 2, 1}, Matrix::Identity(6, 6), {});
    CHECK(distance(c.jacobian(1, 2), whole) < 1e-14);
    const std::int64_t rows[] = {5, 0, 3, 1, 2, 4}, columns[] = {2, 4, 0, 5, 1, 3};
    const Matrix mixed = c.jacobian({1, 2, ~0ull, ~0ull, rows, columns}, 6, 6);
    const std::int64_t upper[] = {2, 0, 1};
    const Matrix block = c.jacobian({1, 2, 2, 1, nullptr, upper}, 3, 3);
    for (Index j = 0; j < 6; ++j)
      for (Index i = 0; i < 6; ++i)
        CHECK(mixed(i, j) == doctest::Approx(whole(rows[i], columns[j])).epsilon(1e-14));
    for (Index j = 0; j < 3; ++j)
      for (Index i = 0; i < 3; ++i)
        CHECK(block(i, j) == doctest::Approx(whole(3 + i, upper[j])).epsilon(1e-14));
  });
}

TEST_CASE("every word: float32 does what float64 does") {
  for_every_word([](const std::string& word) {
    Tried<double> c(word);
    Tried<float> f(word);
    c.run(), f.run();
    const lyap_point at{1, 0, samples};
    const Matrix v = random<double>(c.source, 6, samples * k);
    const Matrix w = random<double>(c.source, inputs, samples * k);
    const MatrixOf<float> vf = v.cast<float>(), wf = w.cast<float>();
    const double tolerance = 1e-5;  // some dozens of roundings of numbers up to 10
    CHECK(distance(f.states.cast<double>(), c.states) < tolerance);
    CHECK(distance(f.push(at, vf, wf).cast<double>(), c.push(at, v, w)) < tolerance);
    CHECK(distance(f.jacobian(1, 1).cast<double>(), c.jacobian(1, 1)) < tolerance);
    const auto a = f.pull(at, vf);
    const auto b = c.pull(at, v);
    CHECK(distance(a.state.cast<double>(), b.state) < tolerance);
    CHECK(distance(a.input.cast<double>(), b.input) < tolerance);
    for (std::size_t i = 0; i < a.weights.size(); ++i)
      CHECK(distance(a.weights[i].cast<double>(), b.weights[i]) < tolerance);
  });
}

TEST_CASE("every word: the adjoint of a chunk is that of its steps, one after another") {
  for_every_word([](const std::string& word) {
    Tried<double> c(word);
    c.run();
    Matrix bars = random<double>(c.source, 6, 2 * samples), total = bars;
    const auto whole = c.backward(total);
    const auto second = c.pull({1, 0, samples}, bars.rightCols(samples));
    bars.leftCols(samples) += second.state;
    const auto first = c.pull({0, 0, samples}, bars.leftCols(samples));
    CHECK(distance(total, bars) < 1e-14);
    CHECK(distance(whole.state, first.state) < 1e-14);
    CHECK(distance(whole.input.rightCols(samples), second.input) < 1e-14);
    CHECK(distance(whole.input.leftCols(samples), first.input) < 1e-14);
    for (std::size_t i = 0; i < whole.weights.size(); ++i)
      CHECK(distance(whole.weights[i], (first.weights[i] + second.weights[i]).eval()) < 1e-13);
  });
}

TEST_CASE("every word: the same steps again, on the same tape, have the same bits") {
  for_every_word([](const std::string& word) {
    Tried<float> c(word);
    c.run();
    const MatrixOf<float> first = c.states, s = c.states.leftCols(samples);
    const MatrixOf<float> x = c.input.rightCols(samples);
    CHECK((c.second(s, x).array() == first.rightCols(samples).array()).all());
    c.run(1);
    CHECK((c.states.array() == first.array()).all());
  });
}

TEST_CASE("sums of weights follow the weights at the next bind") {
  Tried<double> c("sum of weights");
  c.run();
  const Matrix s = c.states.leftCols(samples), x = c.input.rightCols(samples);
  for (Matrix& w : c.weights) w = random<double>(c.source, w.rows(), w.cols());
  const Matrix &A = c.weights[0], &B = c.weights[1];
  const Matrix expected = (A - A.transpose() - 0.3 * Matrix::Identity(3, 3)) * s.topRows(3) +
                          0.7 * (B + 2 * A).transpose() * s.bottomRows(3).array().tanh().matrix();
  CHECK(distance(c.second(s, x).topRows(3), expected) < 1e-14);
}

TEST_CASE("an output map by equations has its value, tangents and adjoints") {
  Tried<double> c("tanh");
  REQUIRE((c.ops.output != nullptr));
  CHECK(c.shape->outputs == 4);
  c.run();
  std::vector<lyap_const_matrix> weights;
  for (const Matrix& w : c.weights) weights.push_back(lend(w));
  const Matrix s = random<double>(c.source, 6, samples),
               v = random<double>(c.source, 6, samples * k);
  const auto value = [&](const Matrix& state) {
    Matrix out(4, state.cols());
    border::call(c.ops.output, c.cell, weights.data(), lend(state), lend(out));
    return out;
  };
  const Matrix& A = c.weights[0];
  Matrix expected(4, samples);
  expected << (A * s.topRows(3)).array().tanh().matrix(), s.row(4);
  CHECK(distance(value(s), expected) < 1e-14);

  Matrix tangent(4, samples * k);
  border::call(c.ops.output_push, c.cell, weights.data(), lend(s), lend(v), lend(tangent));
  for (Index j = 0; j < k; ++j) {
    const Eigen::ArithmeticSequence<Index, Index, Index> own(j, samples, k);
    const Matrix ds = v(Eigen::all, own);
    const Matrix slope = slope_along<double>([&](double e) { return value(s + e * ds); });
    CHECK(distance(tangent(Eigen::all, own).eval(), slope) < near<double>);
  }
  const Matrix u = random<double>(c.source, 4, samples * k);
  auto bars = c.empty(samples * k, 0);
  bars.state.setOnes();  // adjoints are added to what is there
  auto list = c.lend_all(bars.weights);
  border::call(c.ops.output_pull, c.cell, weights.data(), lend(s), lend(u), lend(bars.state),
               static_cast<const lyap_matrix*>(list.data()));
  CHECK((bars.state - Matrix::Ones(6, samples * k)).cwiseProduct(v).sum() ==
        doctest::Approx(u.cwiseProduct(tangent).sum()).epsilon(1e-12));
  CHECK(bars.weights[0].norm() > 0.1);
}
