// tests/plugins/spectrum/small_tables.hpp - the border's tables over a small system: what the
// kernel would lend to the analysis.
#pragma once
#include <lyap/lyap.hpp>
#include <span>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "base/workers.hpp"
#include "linalg/factorise.hpp"
#include "small_system.hpp"

namespace small_kernel::detail {

using lyap::border::guarded;

struct Pass {
  const System* system;
  Index batch, done = 0, count = 0;
  Matrix states, inputs;  // size x (count+1)*batch, inputs x count*batch
  Matrix last;
  bool closed_loop = false;
  Index first = 0;  // sequence

  Matrix J(Index t, Index b) const {
    const Index at = (t - 1) * batch + b;
    return system->J(done + t, first + b, inputs.col(at), states.col(at));
  }
};

inline const System& system(const lyap_model* m) {
  return *reinterpret_cast<const System*>(m);
}
inline Pass& pass(lyap_pass* p) {
  return *reinterpret_cast<Pass*>(p);
}
inline const Pass& pass(const lyap_pass* p) {
  return *reinterpret_cast<const Pass*>(p);
}

inline const lyap_model_shape* shape(const lyap_model* m) {
  thread_local lyap_model_shape s{};
  s.size = sizeof s;
  s.derivative = LYAP_ANALYTIC;
  s.inputs = system(m).inputs, s.outputs = s.inputs, s.layers = 1;
  s.state = system(m).size, s.hidden = system(m).hidden;
  return &s;
}
inline lyap_pass* open(const lyap_model* m, const lyap_pass_request* r, lyap_error*) {
  auto* p = new Pass{&system(m), r->batch, 0, 0, {}, {}, {}, r->closed_loop != 0, r->first};
  return reinterpret_cast<lyap_pass*>(p);
}
inline void close(lyap_pass* p) {
  delete &pass(p);
}
inline std::int64_t capacity(const lyap_pass* p) {
  return pass(p).system->capacity;
}
inline std::int32_t start(lyap_pass* p, lyap_const_matrix state, lyap_error*) {
  Pass& q = pass(p);
  q.last = Matrix::Zero(q.system->size, q.batch);
  if (state.data) q.last = lyap::view<double>(state);
  q.done = 0, q.count = 0;
  return LYAP_OK;
}
inline std::int32_t run(lyap_pass* p, std::int64_t count, lyap_const_matrix input,
                        lyap_error* error) {
  return guarded(error, [&] {
    Pass& q = pass(p);
    if (count > q.system->capacity || count < 1) throw lyap::BadShape("chunk length");
    if (input.cols != (q.closed_loop ? 0 : count * q.batch))
      throw lyap::BadShape("columns of the input");
    q.done += q.count;
    q.count = count;
    q.inputs.resize(q.system->inputs, count * q.batch);
    if (!q.closed_loop) q.inputs = lyap::view<double>(input);
    q.states.resize(q.system->size, (count + 1) * q.batch);
    q.states.leftCols(q.batch) = q.last;
    for (Index t = 1; t <= count; ++t)
      for (Index b = 0; b < q.batch; ++b) {
        const Index at = (t - 1) * q.batch + b;
        if (q.closed_loop) q.inputs.col(at) = q.system->feedback(q.states.col(at));
        q.states.col(t * q.batch + b) =
            q.system->map(q.done + t, q.first + b, q.inputs.col(at), q.states.col(at));
      }
    q.last = q.states.rightCols(q.batch);
  });
}
inline std::int32_t state(const lyap_pass* p, std::int64_t t, lyap_matrix out, lyap_error*) {
  lyap::view<double>(out) = pass(p).states.middleCols(t * pass(p).batch, pass(p).batch);
  return LYAP_OK;
}
inline std::int32_t output(const lyap_pass* p, std::int64_t t, lyap_matrix out, lyap_error*) {
  const System& s = *pass(p).system;
  for (Index b = 0; b < pass(p).batch; ++b)
    lyap::view<double>(out).col(b) =
        (s.output ? s.output : s.feedback)(pass(p).states.col(t * pass(p).batch + b));
  return LYAP_OK;
}
inline std::int32_t jacobian(const lyap_pass* p, std::int64_t t, std::int64_t b, std::int32_t scope,
                             const std::int64_t* rows, const std::int64_t* cols, lyap_matrix out,
                             lyap_error* error) {
  return guarded(error, [&] {
    const Pass& q = pass(p);
    const Matrix J = q.J(t, b);
    const Index n = scope == LYAP_HIDDEN_STATE ? q.system->hidden : q.system->size;
    if (out.rows != n || out.cols != n) throw lyap::BadShape("Jacobian of the wrong size");
    auto to = lyap::view<double>(out);
    for (Index j = 0; j < n; ++j)
      for (Index i = 0; i < n; ++i) to(i, j) = J(rows ? rows[i] : i, cols ? cols[j] : j);
  });
}
inline std::int32_t push(const lyap_pass* p, lyap_point at, std::int32_t scope, lyap_const_matrix v,
                         lyap_const_matrix, lyap_matrix out, lyap_error* error) {
  return guarded(error, [&] {
    const Index n = scope == LYAP_HIDDEN_STATE ? pass(p).system->hidden : pass(p).system->size;
    const Index k = v.cols / at.samples;
    if (v.rows != n || out.rows != n) throw lyap::BadShape("tangent vectors of the wrong size");
    for (Index b = 0; b < at.samples; ++b)
      lyap::view<double>(out).middleCols(b * k, k) =
          pass(p).J(at.t, at.first + b).topLeftCorner(n, n) *
          lyap::view<double>(v).middleCols(b * k, k);
  });
}
inline std::int32_t pull(const lyap_pass* p, lyap_point at, std::int32_t scope, lyap_const_matrix u,
                         lyap_matrix out, lyap_matrix, lyap_error* error) {
  return guarded(error, [&] {
    const Index n = scope == LYAP_HIDDEN_STATE ? pass(p).system->hidden : pass(p).system->size;
    const Index k = u.cols / at.samples;
    if (u.rows != n || out.rows != n) throw lyap::BadShape("adjoint vectors of the wrong size");
    for (Index b = 0; b < at.samples; ++b)
      lyap::view<double>(out).middleCols(b * k, k) =
          pass(p).J(at.t, at.first + b).topLeftCorner(n, n).transpose() *
          lyap::view<double>(u).middleCols(b * k, k);
  });
}
inline lyap_model_ops model_ops() {
  lyap_model_ops ops{};
  ops.size = sizeof ops;
  ops.shape = shape, ops.open = open, ops.close = close, ops.capacity = capacity;
  ops.start = start, ops.run = run, ops.state = state, ops.output = output;
  ops.jacobian = jacobian, ops.push = push, ops.pull = pull;
  return ops;
}

inline const Task& task(const lyap_data* d) {
  return *reinterpret_cast<const Task*>(d);
}
inline const lyap_task_shape* task_shape(const lyap_data* d) {
  thread_local lyap_task_shape s{};
  s = {};
  s.size = sizeof s;
  s.loss = static_cast<std::int32_t>(task(d).loss);
  s.inputs = task(d).inputs, s.outputs = task(d).outputs, s.targets = 1;
  s.next_step = task(d).next_step;
  s.step_time = task(d).step_time, s.time_unit = "s";
  s.steps = task(d).steps, s.drive_steps = task(d).drive_steps;
  s.count[0] = task(d).train, s.count[1] = task(d).validation, s.count[2] = task(d).test;
  for (auto& count : s.drive_count) count = task(d).drive_count;
  return &s;
}
inline std::int32_t drive(const lyap_data* d, std::int32_t, const std::int64_t* which,
                          std::int64_t count, std::int64_t from, std::int64_t steps,
                          lyap_matrix input, lyap_error* error) {
  return guarded(error, [&] {
    if (task(d).drive_steps && from + steps > task(d).drive_steps)
      throw lyap::BadShape("driven beyond the end");
    auto to = lyap::view<double>(input);
    for (Index t = 0; t < steps; ++t)
      for (Index b = 0; b < count; ++b) {
        const double x = task(d).input(which[b], from + t);
        if (task(d).inputs == 1)
          to(0, t * count + b) = x;
        else
          to.col(t * count + b) = Vector::Unit(task(d).inputs, static_cast<Index>(x));
      }
  });
}

struct Host {
  explicit Host(int count = 1) : workers(count) {}
  lyap::framework::Workers workers;
  std::vector<std::string> warnings;
  bool stopped = false;
};
inline Host& host(lyap_host* h) {
  return *reinterpret_cast<Host*>(h);
}
inline std::span<double> span(double* p, Index n) {
  return {p, static_cast<std::size_t>(n)};
}

inline lyap_host_ops host_ops() {
  lyap_host_ops ops{};
  ops.size = sizeof ops;
  ops.log = [](lyap_host* h, std::int32_t level, const char* sentence) {
    if (level == LYAP_WARNING) host(h).warnings.emplace_back(sentence);
  };
  ops.progress = [](lyap_host*, const char*, std::int64_t, std::int64_t) {};
  ops.stopped = [](lyap_host* h) { return static_cast<std::int32_t>(host(h).stopped); };
  ops.normal = [](lyap_host*, const char* stream, lyap_matrix out, lyap_error*) {
    lyap::framework::Random(1, stream).fill_normal(
        span(static_cast<double*>(out.data), out.rows * out.cols));
    return 0;
  };
  ops.uniform = [](lyap_host*, const char* stream, lyap_matrix out, lyap_error*) {
    lyap::framework::Random(1, stream).fill_uniform(
        span(static_cast<double*>(out.data), out.rows * out.cols));
    return 0;
  };
  ops.workers = [](lyap_host* h) { return host(h).workers.count(); };
  ops.parallel = [](lyap_host* h, std::int64_t count,
                    std::int32_t (*body)(void*, std::int64_t, std::int32_t, lyap_error*),
                    void* context, lyap_error* error) {
    return guarded(error, [&] {
      host(h).workers.parallel_for(count, [&](std::int64_t item, int worker) {
        lyap_error inner{};
        lyap::border::check(body(context, item, worker, &inner), inner);
      });
    });
  };
  ops.qr = [](lyap_host*, lyap_matrix a, double* diagonal, lyap_matrix r, lyap_error* error) {
    return guarded(error, [&] {
      if (r.data)
        lyap::framework::qr(lyap::view<double>(a), span(diagonal, a.cols), lyap::view<double>(r));
      else
        lyap::framework::qr(lyap::view<double>(a), span(diagonal, a.cols));
    });
  };
  ops.qr_diagonal = [](lyap_host*, lyap_matrix a, double* diagonal, lyap_error* error) {
    return guarded(error, [&] {
      lyap::framework::qr_diagonal(lyap::view<double>(a), span(diagonal, a.cols));
    });
  };
  ops.lu = [](lyap_host*, lyap_matrix a, std::int64_t* rows, lyap_error* error) {
    return guarded(error, [&] {
      lyap::framework::lu(lyap::view<double>(a), {rows, static_cast<std::size_t>(a.rows)});
    });
  };
  return ops;
}

struct Context {
  const System* system;
  const Task* task;
  const Matrix* start;  // state x runs, or null
  Outcome outcome;
  std::vector<std::int64_t> start_shape;
};
inline Context& context(lyap_context* c) {
  return *reinterpret_cast<Context*>(c);
}

inline lyap_context_ops context_ops(const lyap_model_ops* model, const lyap_data_ops* data) {
  lyap_context_ops ops{};
  ops.size = sizeof ops;
  ops.model_ops = model, ops.data_ops = data;
  ops.model = [](lyap_context* c, const char*) {
    return reinterpret_cast<const lyap_model*>(context(c).system);
  };
  ops.data = [](lyap_context* c, const char*) {
    return reinterpret_cast<const lyap_data*>(context(c).task);
  };
  ops.input = [](lyap_context* c, const char*, lyap_array* out) {
    if (!context(c).start) return 0;
    context(c).start_shape = {context(c).start->cols(), context(c).start->rows()};
    *out = {context(c).start->data(), context(c).start_shape.data(), 2};
    return 1;
  };
  ops.result = [](lyap_context* c, const char* port, const std::int64_t* shape,
                  std::int64_t dimensions, const double* data, lyap_error*) {
    Result r;
    std::int64_t size = 1;
    for (std::int64_t i = 0; i < dimensions; ++i) {
      r.shape.push_back(shape[i]);
      size *= shape[i];
    }
    r.values.assign(data, data + size);
    context(c).outcome.results[port] = r;
    return 0;
  };
  ops.note = [](lyap_context* c, const char* port, const char* key, const char* value) {
    const std::string prefix = *port ? std::string(port) + "." : "";
    context(c).outcome.notes[prefix + key] = value;
  };
  ops.memory_budget = [](lyap_context*) { return std::int64_t{1} << 28; };
  return ops;
}

}  // namespace small_kernel::detail
