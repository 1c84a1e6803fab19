// framework/model/differences.cpp - the derivative of one step by central differences.
#include "model/differences.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "model/plugin_call.hpp"

namespace lyap::framework {
namespace {

/// The columns of a border matrix; an absent operand has no rows.
template <class T>
struct Columns {
  explicit Columns(const lyap_const_matrix& m)
      : data(static_cast<T*>(const_cast<void*>(m.data))),
        rows(m.data ? m.rows : 0),
        stride(m.stride) {}
  T* operator[](std::int64_t col) const { return data + col * stride; }
  auto largest(std::int64_t col) const {
    std::remove_const_t<T> value = 0;
    for (std::int64_t i = 0; i < rows; ++i) value = std::max(value, std::abs((*this)[col][i]));
    return value;
  }
  T* data;
  std::int64_t rows, stride;
};

/// Columns 2i and 2i+1 of `to` = sample of column i +- its step times the tangent.
template <class T>
void displace(const lyap_const_matrix& from, const lyap_const_matrix& tangents, std::int64_t k,
              const std::vector<T>& steps, const lyap_matrix& to) {
  const Columns<const T> base(from), tangent(tangents);
  const Columns<T> out(read_only(to));
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto column = static_cast<std::int64_t>(i);
    for (std::int64_t r = 0; r < from.rows; ++r) {
      const T z = base[column / k][r];
      const T move = tangent.rows ? steps[i] * tangent[column][r] : T(0);
      out[2 * column][r] = z + move;
      out[2 * column + 1][r] = z - move;
    }
  }
}

/// Every column of `from` 2k times.
void repeat(const lyap_const_matrix& from, std::int64_t k, const lyap_matrix& to) {
  for (std::int64_t j = 0; j < to.cols; ++j)
    copy(columns_of(from, j / (2 * k), 1), columns_of(to, j, 1));
}

template <class T>
std::vector<T> step_sizes(const StepPoint& point, const lyap_const_matrix& v,
                          const lyap_const_matrix& w, std::int64_t tangents, std::int64_t k,
                          double scale) {
  const T relative = static_cast<T>(scale) * std::cbrt(std::numeric_limits<T>::epsilon());
  const Columns<const T> state(point.state), input(point.input), by_state(v), by_input(w);
  std::vector<T> steps;
  for (std::int64_t j = 0; j < tangents; ++j) {
    const T size = std::max(by_state.largest(j), by_input.largest(j));
    const T at = std::max(state.largest(j / k), input.largest(j / k));
    steps.push_back(size > 0 ? relative * (1 + at) / size : T(1));
  }
  return steps;
}

template <class T>
void divide(const lyap_const_matrix& states, const std::vector<T>& steps, const lyap_matrix& out) {
  const Columns<const T> next(states);
  const Columns<T> to(read_only(out));
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto column = static_cast<std::int64_t>(i);
    for (std::int64_t r = 0; r < out.rows; ++r)
      to[column][r] = (next[2 * column][r] - next[2 * column + 1][r]) / (2 * steps[i]);
  }
}

}  // namespace

Differences::Scratch::~Scratch() {
  if (tape) cell->ops().close(tape);
}

void Differences::bind(const lyap_const_matrix* weights) {
  weights_ = weights;
  ++bound_;
}

std::unique_ptr<Differences::Scratch> Differences::take(std::int64_t columns) const {
  std::unique_ptr<Scratch> scratch;
  {
    const std::lock_guard lock(mutex_);
    auto& idle = idle_[columns];
    if (!idle.empty()) {
      scratch = std::move(idle.back());
      idle.pop_back();
    }
  }
  const std::string& who = cell_.who();
  if (!scratch) {
    const lyap_cell_shape& shape = cell_.shape();
    scratch = std::make_unique<Scratch>();
    scratch->cell = &cell_;
    scratch->tape =
        create_by_plugin(who, cell_.ops().open, cell_.get(), dtype_, std::int64_t{1}, columns);
    scratch->state.reshape(dtype_, shape.state, columns);
    scratch->input.reshape(dtype_, shape.inputs, columns);
    scratch->normal.reshape(dtype_, shape.normal, columns);
    scratch->uniform.reshape(dtype_, shape.uniform, columns);
    scratch->states.reshape(dtype_, shape.state, columns);
  }
  if (scratch->bound != bound_) {
    call_plugin(who, cell_.ops().bind, scratch->tape, weights_);
    scratch->bound = bound_;
  }
  return scratch;
}

void Differences::push(const StepPoint& point, lyap_const_matrix v, lyap_const_matrix w,
                       lyap_matrix out, double scale) const {
  const std::int64_t k = out.cols / point.state.cols;
  std::unique_ptr<Scratch> scratch = take(2 * out.cols);
  lyap_chunk chunk{};
  chunk.size = sizeof chunk;
  chunk.count = 1;
  if (point.normal.data) {
    repeat(point.normal, k, scratch->normal.view());
    chunk.normal = scratch->normal.read();
  }
  if (point.uniform.data) {
    repeat(point.uniform, k, scratch->uniform.view());
    chunk.uniform = scratch->uniform.read();
  }
  const auto difference = [&](auto number) {
    using T = decltype(number);
    const std::vector<T> steps = step_sizes<T>(point, v, w, out.cols, k, scale);
    displace<T>(point.state, v, k, steps, scratch->state.view());
    displace<T>(point.input, w, k, steps, scratch->input.view());
    chunk.state = scratch->state.read();
    chunk.input = scratch->input.read();
    chunk.states = scratch->states.view();
    call_plugin(cell_.who(), cell_.ops().step, scratch->tape, &chunk);
    divide<T>(read_only(chunk.states), steps, out);
  };
  if (dtype_ == LYAP_F32)
    difference(float{});
  else
    difference(double{});
  const std::lock_guard lock(mutex_);
  idle_[scratch->state.view().cols].push_back(std::move(scratch));
}

}  // namespace lyap::framework
