// tests/sdk/cell_trial.hpp - a cell behind its table, with random weights and operands of one
// dtype.
#pragma once
#include <cstring>
#include <lyap/cell_table.hpp>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace lyap::testing {

/// Fills values in the order of the options, as the kernel does.
class Chosen {
 public:
  Chosen(const Options& options, const std::map<std::string, std::string>& with) {
    texts_.reserve(options.list().size());
    for (const lyap_option& option : options.list()) {
      const auto found = with.find(option.name);
      texts_.push_back(found != with.end() ? found->second : option.fallback);
      const std::string& text = texts_.back();
      const bool number = option.type == LYAP_INTEGER || option.type == LYAP_REAL;
      const double real = number ? std::stod(text) : 0;
      const auto integer =
          option.type == LYAP_BOOLEAN ? text == "true" : static_cast<std::int64_t>(real);
      values_.push_back({option.name, text.c_str(), real, integer, nullptr, nullptr, 0});
    }
  }
  const std::vector<lyap_value>& values() const { return values_; }

 private:
  std::vector<std::string> texts_;
  std::vector<lyap_value> values_;
};

template <class C>
Options options_of() {
  Options o;
  C::options(o);
  return o;
}

template <Real T>
MatrixOf<T> random(std::mt19937_64& source, Index rows, Index cols, double deviation = 1) {
  std::normal_distribution<double> normal(0, deviation);
  MatrixOf<T> m(rows, cols);
  for (T& v : m.reshaped()) v = static_cast<T>(normal(source));
  return m;
}

/// A chunk of `steps` steps of `batch` samples, carried out; then its derivatives.
template <class C, Real T>
class Trial {
 public:
  using Table = border::CellTable<C>;
  static constexpr const lyap_cell_ops& ops = Table::ops;

  Trial(const std::map<std::string, std::string>& with, Index inputs, Index steps, Index batch,
        std::uint64_t seed = 1, bool noise = false)
      : steps(steps), batch(batch), source(seed) {
    const Options options = options_of<C>();
    const Chosen chosen(options, with);
    lyap_error error{};
    cell = ops.create(chosen.values().data(), static_cast<std::uint32_t>(chosen.values().size()),
                      inputs, &error);
    border::check(error.code, error);
    shape = ops.shape(cell);
    tape = ops.open(cell, dtype_of<T>, steps, batch, &error);
    border::check(error.code, error);
    for (std::uint32_t i = 0; i < shape->weight_count; ++i) {
      const lyap_weight& w = shape->weights[i];
      const double columns = w.cols > 1 ? static_cast<double>(w.cols) : 4;
      weights.push_back(random<T>(source, w.rows, w.cols, 1 / std::sqrt(columns)));
    }
    state = random<T>(source, shape->state, batch, 0.5);
    input = random<T>(source, inputs, steps * batch);
    if (noise) {
      normal = random<T>(source, shape->normal, steps * batch);
      uniform = random<T>(source, shape->uniform, steps * batch).cwiseAbs();
    }
    states.resize(shape->state, steps * batch);
  }
  ~Trial() {
    ops.close(tape);
    ops.destroy(cell);
  }
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  Index rows() const { return shape->state; }

  void bind() {
    std::vector<lyap_const_matrix> list;
    for (const MatrixOf<T>& w : weights) list.push_back(lend(w));
    border::call(ops.bind, tape, list.data());
  }
  /// All steps in one chunk, or in chunks of `length`.
  void run(Index length = 0) {
    bind();
    if (length == 0) length = steps;
    MatrixOf<T> before = state;
    for (Index at = 0; at < steps; at += length) {
      const Index count = std::min(length, steps - at);
      MatrixOf<T> out(rows(), count * batch), x = input.middleCols(at * batch, count * batch);
      const auto part = [&](const MatrixOf<T>& m) -> MatrixOf<T> {
        return m.size() ? m.middleCols(at * batch, count * batch) : m;
      };
      MatrixOf<T> n = part(normal), u = part(uniform);
      const lyap_chunk chunk{sizeof chunk,
                             0,
                             at,
                             count,
                             lend(std::as_const(before)),
                             lend(std::as_const(x)),
                             lend_or_none(n),
                             lend_or_none(u),
                             lend(out)};
      border::call(ops.step, tape, &chunk);
      states.middleCols(at * batch, count * batch) = out;
      before = out.rightCols(batch);
      x.setConstant(99), out.setConstant(99);  // nothing of a chunk may be kept by address
    }
  }

  MatrixOf<T> push(lyap_point at, const MatrixOf<T>& v, const MatrixOf<T>& w) {
    MatrixOf<T> out = MatrixOf<T>::Constant(rows(), std::max(v.cols(), w.cols()), 99);
    border::call(ops.push, tape, at, lend_or_none(v), lend_or_none(w), lend(out));
    return out;
  }

  struct Pulled {
    MatrixOf<T> state, input;
    std::vector<MatrixOf<T>> weights;
  };
  Pulled pull(lyap_point at, const MatrixOf<T>& bar) {
    Pulled p = empty(bar.cols(), bar.cols());
    std::vector<lyap_matrix> list = lend_all(p.weights);
    border::call(ops.pull, tape, at, lend(bar), lend(p.state), lend(p.input),
                 static_cast<const lyap_matrix*>(list.data()));
    return p;
  }
  /// `bars` in: direct; out: total derivatives.
  Pulled backward(MatrixOf<T>& bars, Index at = 0) {
    Pulled p = empty(batch, bars.cols());
    std::vector<lyap_matrix> list = lend_all(p.weights);
    border::call(ops.backward, tape, at, bars.cols() / batch, lend(bars), lend(p.state),
                 lend(p.input), static_cast<const lyap_matrix*>(list.data()));
    return p;
  }
  MatrixOf<T> jacobian(const lyap_block_request& request, Index out_rows, Index out_cols) {
    MatrixOf<T> out = MatrixOf<T>::Constant(out_rows, out_cols, 99);
    border::call(ops.jacobian, tape, &request, lend(out));
    return out;
  }
  MatrixOf<T> jacobian(Index t, Index sample) {
    return jacobian({t, sample, ~0ull, ~0ull, nullptr, nullptr}, rows(), rows());
  }
  Pulled empty(Index state_cols, Index input_cols) const {
    Pulled p{MatrixOf<T>::Constant(rows(), state_cols, 99),
             MatrixOf<T>::Constant(shape->inputs, input_cols, 99),
             {}};
    for (const MatrixOf<T>& w : weights) p.weights.push_back(MatrixOf<T>::Zero(w.rows(), w.cols()));
    return p;
  }

  static lyap_const_matrix lend_or_none(const MatrixOf<T>& m) {
    return m.size() ? lend(m) : lyap_const_matrix{};
  }
  static std::vector<lyap_matrix> lend_all(std::vector<MatrixOf<T>>& all) {
    std::vector<lyap_matrix> list;
    for (MatrixOf<T>& m : all) list.push_back(lend(m));
    return list;
  }

  const Index steps, batch;
  std::mt19937_64 source;
  lyap_cell* cell = nullptr;
  const lyap_cell_shape* shape = nullptr;
  lyap_tape* tape = nullptr;
  std::vector<MatrixOf<T>> weights;
  MatrixOf<T> state, input, normal, uniform, states;
};

/// Largest difference, relative to the size of the numbers when that is above 1; NaN counts.
template <class A, class B>
double distance(const A& a, const B& b) {
  if (a.rows() != b.rows() || a.cols() != b.cols()) return 1e300;
  if (a.size() == 0) return 0;
  const double size = std::max(1.0, static_cast<double>(b.cwiseAbs().maxCoeff()));
  const double gap =
      static_cast<double>((a - b).cwiseAbs().template maxCoeff<Eigen::PropagateNaN>());
  return gap / size;
}

}  // namespace lyap::testing
