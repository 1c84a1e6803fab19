// tests/framework/model/leaky_cell.hpp - a cell with two blocks, written against the C table by
// hand.
//
//   a = W h + U x + b,  c' = c/2 + tanh(a),  h' = tanh(c') + n/10
//   state (h, c); n: N(0, 1) noise, when drawn
#pragma once
#include <lyap/views.hpp>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace leaky {

using lyap::ConstViewOf;
using lyap::MatrixOf;
using lyap::view;

}  // namespace leaky

struct lyap_cell {
  std::int64_t units = 0;
  lyap_block blocks[2]{};
  lyap_weight weights[4]{};
  lyap_cell_shape shape{};
};

struct lyap_tape {
  explicit lyap_tape(const lyap_cell& cell) : cell(cell) {}
  virtual ~lyap_tape() = default;
  virtual void bind(const lyap_const_matrix*) = 0;
  virtual void step(const lyap_chunk&) = 0;
  virtual void push(lyap_point, lyap_const_matrix, lyap_const_matrix, lyap_matrix) const = 0;
  virtual void pull(lyap_point, lyap_const_matrix, lyap_matrix, lyap_matrix,
                    const lyap_matrix*) const = 0;
  virtual void jacobian(const lyap_block_request&, lyap_matrix) const = 0;
  const lyap_cell& cell;
};

namespace leaky {

template <class T>
struct TapeOf : lyap_tape {
  TapeOf(const lyap_cell& cell, std::int64_t steps, std::int64_t batch)
      : lyap_tape(cell), B(batch), u(cell.units) {
    const std::int64_t columns = steps * batch;
    h.resize(u, columns), x.resize(cell.shape.inputs, columns);
    e.resize(u, columns), g.resize(u, columns);
  }
  void bind(const lyap_const_matrix* w) override {
    U = view<T>(w[0]), W = view<T>(w[1]), b = view<T>(w[2]);
  }
  void step(const lyap_chunk& chunk) override {
    const auto input = view<T>(chunk.input);
    auto states = view<T>(chunk.states);
    MatrixOf<T> s = view<T>(chunk.state);
    for (std::int64_t t = 0; t < chunk.count; ++t) {
      const std::int64_t to = (chunk.at + t) * B;
      h.middleCols(to, B) = s.topRows(u);
      x.middleCols(to, B) = input.middleCols(t * B, B);
      const MatrixOf<T> a =
          ((W * s.topRows(u) + U * x.middleCols(to, B)).colwise() + b.col(0)).array().tanh();
      const MatrixOf<T> c = s.bottomRows(u) / 2 + a;
      const MatrixOf<T> tanh_c = c.array().tanh();
      e.middleCols(to, B) = 1 - a.array().square();
      g.middleCols(to, B) = 1 - tanh_c.array().square();
      s.topRows(u) = tanh_c;
      if (chunk.normal.data) s.topRows(u) += view<T>(chunk.normal).middleCols(t * B, B) / 10;
      s.bottomRows(u) = c;
      states.middleCols(t * B, B) = s;
    }
  }
  void push(lyap_point at, lyap_const_matrix v, lyap_const_matrix w,
            lyap_matrix out) const override {
    const std::int64_t k = out.cols / at.samples;
    for (std::int64_t j = 0; j < out.cols; ++j) {
      const std::int64_t column = at.t * B + at.first + j / k;
      MatrixOf<T> da = MatrixOf<T>::Zero(u, 1), dc = da;
      if (v.data) da += W * view<T>(v).col(j).head(u), dc += view<T>(v).col(j).tail(u) / 2;
      if (w.data) da += U * view<T>(w).col(j);
      dc += e.col(column).cwiseProduct(da.col(0));
      view<T>(out).col(j).head(u) = g.col(column).cwiseProduct(dc.col(0));
      view<T>(out).col(j).tail(u) = dc;
    }
  }
  void pull(lyap_point at, lyap_const_matrix bar, lyap_matrix out_state, lyap_matrix out_input,
            const lyap_matrix* weight_bars) const override {
    const std::int64_t k = bar.cols / at.samples;
    for (std::int64_t j = 0; j < bar.cols; ++j) {
      const std::int64_t column = at.t * B + at.first + j / k;
      const MatrixOf<T> dc =
          view<T>(bar).col(j).tail(u) + g.col(column).cwiseProduct(view<T>(bar).col(j).head(u));
      const MatrixOf<T> da = e.col(column).cwiseProduct(dc.col(0));
      if (out_state.data) {
        view<T>(out_state).col(j).head(u) = W.transpose() * da;
        view<T>(out_state).col(j).tail(u) = dc / 2;
      }
      if (out_input.data) view<T>(out_input).col(j) = U.transpose() * da;
      if (!weight_bars) continue;
      view<T>(weight_bars[0]) += da * x.col(column).transpose();
      view<T>(weight_bars[1]) += da * h.col(column).transpose();
      view<T>(weight_bars[2]) += da;
    }
  }
  void jacobian(const lyap_block_request& request, lyap_matrix out) const override {
    const std::int64_t column = request.t * B + request.sample;
    MatrixOf<T> J(2 * u, 2 * u);
    J.bottomLeftCorner(u, u) = e.col(column).asDiagonal() * W;
    J.bottomRightCorner(u, u) = MatrixOf<T>::Identity(u, u) / 2;
    J.topRows(u) = g.col(column).asDiagonal() * J.bottomRows(u);
    const auto chosen = [&](std::uint64_t blocks, const std::int64_t* order) {
      std::vector<std::int64_t> all, ordered;
      for (std::int64_t i = 0; i < 2 * u; ++i)
        if (blocks >> (i / u) & 1) all.push_back(i);
      for (std::size_t i = 0; i < all.size(); ++i) ordered.push_back(all[order ? order[i] : i]);
      return ordered;
    };
    const auto rows = chosen(request.row_blocks, request.row_order);
    const auto cols = chosen(request.column_blocks, request.column_order);
    for (std::size_t j = 0; j < cols.size(); ++j)
      for (std::size_t i = 0; i < rows.size(); ++i) view<T>(out)(i, j) = J(rows[i], cols[j]);
  }
  std::int64_t B, u;
  MatrixOf<T> U, W, b, h, x, e, g;
};

inline int refuse(lyap_error* error, int code, const char* sentence) {
  error->code = code;
  std::strcpy(error->text, sentence);
  return code;
}

inline lyap_cell* create(const lyap_value* values, std::uint32_t count, std::int64_t inputs,
                         lyap_error* error) {
  auto cell = std::make_unique<lyap_cell>();
  for (std::uint32_t i = 0; i < count; ++i)
    if (std::string(values[i].name) == "units") cell->units = values[i].integer;
  if (cell->units < 1) {
    refuse(error, LYAP_BAD_OPTION, "'units' must be at least 1");
    return nullptr;
  }
  const std::int64_t u = cell->units;
  cell->blocks[0] = {"h", u}, cell->blocks[1] = {"c", u};
  cell->weights[0] = {"weight_ih", "xavier_uniform", u, inputs, LYAP_TRAINABLE, 0};
  cell->weights[1] = {"weight_hh", "orthogonal(1.2)", u, u, LYAP_TRAINABLE, 0};
  cell->weights[2] = {"bias", "uniform(0.1)", u, 1, LYAP_TRAINABLE, 0};
  cell->weights[3] = {"start", "normal(0, 0.5)", 2 * u, 1, LYAP_TRAINABLE, 0};
  lyap_cell_shape& shape = cell->shape;
  shape.size = sizeof shape;
  shape.block_count = 2, shape.weight_count = 4, shape.output_block = 0;
  shape.blocks = cell->blocks, shape.weights = cell->weights;
  shape.inputs = inputs, shape.state = 2 * u, shape.outputs = u;
  shape.normal = u, shape.tape_rows = 3 * u + inputs;
  shape.derivative = LYAP_ANALYTIC;
  return cell.release();
}
inline lyap_cell* create_quiet(const lyap_value* values, std::uint32_t count, std::int64_t inputs,
                               lyap_error* error) {
  lyap_cell* cell = create(values, count, inputs, error);
  if (cell) cell->shape.normal = 0;
  return cell;
}
inline lyap_tape* open(const lyap_cell* cell, std::int32_t dtype, std::int64_t steps,
                       std::int64_t batch, lyap_error*) {
  if (dtype == LYAP_F32) return new TapeOf<float>(*cell, steps, batch);
  return new TapeOf<double>(*cell, steps, batch);
}

// What is shown with the output map: o = h + 0.3 c^2.
template <class T>
void show(lyap_const_matrix state, lyap_matrix out) {
  const auto s = view<T>(state);
  view<T>(out) = s.topRows(out.rows).array() + T(0.3) * s.bottomRows(out.rows).array().square();
}
template <class T>
void show_push(lyap_const_matrix state, lyap_const_matrix tangent, lyap_matrix out) {
  const std::int64_t k = tangent.cols / state.cols;
  for (std::int64_t j = 0; j < out.cols; ++j)
    view<T>(out).col(j) = view<T>(tangent).col(j).head(out.rows).array() +
                          T(0.6) * view<T>(state).col(j / k).tail(out.rows).array() *
                              view<T>(tangent).col(j).tail(out.rows).array();
}
template <class T>
void show_pull(lyap_const_matrix state, lyap_const_matrix bar, lyap_matrix state_bar) {
  const std::int64_t k = bar.cols / state.cols;
  for (std::int64_t j = 0; j < bar.cols; ++j) {
    view<T>(state_bar).col(j).head(bar.rows) += view<T>(bar).col(j);
    view<T>(state_bar).col(j).tail(bar.rows).array() +=
        T(0.6) * view<T>(state).col(j / k).tail(bar.rows).array() * view<T>(bar).col(j).array();
  }
}

/// Derivatives by hand; further parts of the table on request.
struct Parts {
  bool derivatives = true, map = false, start = false, noise = true;
};

inline lyap_cell_ops ops(Parts parts = {}) {
  lyap_cell_ops table{};
  table.size = sizeof table;
  table.create = parts.noise ? create : create_quiet;
  table.destroy = [](lyap_cell* cell) { delete cell; };
  table.shape = [](const lyap_cell* cell) { return &cell->shape; };
  table.open = open;
  table.close = [](lyap_tape* tape) { delete tape; };
  table.bind = [](lyap_tape* tape, const lyap_const_matrix* weights, lyap_error*) {
    return tape->bind(weights), 0;
  };
  table.step = [](lyap_tape* tape, const lyap_chunk* chunk, lyap_error*) {
    return tape->step(*chunk), 0;
  };
  if (parts.derivatives) {
    table.push = [](const lyap_tape* tape, lyap_point at, lyap_const_matrix v, lyap_const_matrix w,
                    lyap_matrix out, lyap_error*) { return tape->push(at, v, w, out), 0; };
    table.pull = [](const lyap_tape* tape, lyap_point at, lyap_const_matrix bar, lyap_matrix out,
                    lyap_matrix out_input, const lyap_matrix* weight_bars,
                    lyap_error*) { return tape->pull(at, bar, out, out_input, weight_bars), 0; };
    table.jacobian = [](const lyap_tape* tape, const lyap_block_request* request, lyap_matrix out,
                        lyap_error*) { return tape->jacobian(*request, out), 0; };
  }
  if (parts.map) {
    table.output = [](const lyap_cell*, const lyap_const_matrix*, lyap_const_matrix state,
                      lyap_matrix out, lyap_error*) {
      return out.dtype == LYAP_F32 ? show<float>(state, out) : show<double>(state, out), 0;
    };
    table.output_push = [](const lyap_cell*, const lyap_const_matrix*, lyap_const_matrix state,
                           lyap_const_matrix tangent, lyap_matrix out, lyap_error*) {
      return out.dtype == LYAP_F32 ? show_push<float>(state, tangent, out)
                                   : show_push<double>(state, tangent, out),
             0;
    };
    table.output_pull = [](const lyap_cell*, const lyap_const_matrix*, lyap_const_matrix state,
                           lyap_const_matrix bar, lyap_matrix state_bar, const lyap_matrix*,
                           lyap_error*) {
      return bar.dtype == LYAP_F32 ? show_pull<float>(state, bar, state_bar)
                                   : show_pull<double>(state, bar, state_bar),
             0;
    };
  }
  if (parts.start) {
    table.start = [](const lyap_cell*, const lyap_const_matrix* weights, lyap_const_matrix,
                     lyap_matrix state, lyap_error*) {
      lyap::with_dtype(state.dtype, [&](auto number) {
        using T = decltype(number);
        view<T>(state) = view<T>(weights[3]).col(0).replicate(1, state.cols);
      });
      return 0;
    };
    table.start_pull = [](const lyap_cell*, const lyap_const_matrix*, lyap_const_matrix state_bar,
                          const lyap_matrix* weight_bars, lyap_error*) {
      lyap::with_dtype(state_bar.dtype, [&](auto number) {
        using T = decltype(number);
        view<T>(weight_bars[3]) += view<T>(state_bar).rowwise().sum();
      });
      return 0;
    };
  }
  return table;
}

inline lyap_value units(std::int64_t count) {
  lyap_value value{};
  value.name = "units";
  value.integer = count;
  return value;
}

}  // namespace leaky
