// tests/plugins/spectrum/small_kernel.hpp - just enough kernel to run the spectrum plugin through
// its border on a map written in the test.
#pragma once
#include <dlfcn.h>
#include <doctest/doctest.h>

#include <cstdlib>
#include <functional>
#include <lyap/lyap.hpp>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "base/workers.hpp"
#include "linalg/factorise.hpp"

namespace small_kernel {

using lyap::Index;
using lyap::Matrix;
using lyap::Vector;
using lyap::border::guarded;

/// s_t = map(t, b, x_t, s_{t-1}) of sequence b with its Jacobian; t counts from 1.
struct System {
  using Map = std::function<Vector(Index t, Index b, const Vector& x, const Vector& s)>;
  using Derivative = std::function<Matrix(Index t, Index b, const Vector& x, const Vector& s)>;
  Index size;
  Map map;
  Derivative J;
  Index inputs = 1;
  Index hidden = size;  ///< the leading block of J
  Index capacity = 7;   ///< of a pass: small, so that every test crosses chunks
};

/// The same Jacobians for every sequence; the state stays where it is.
inline System prescribed(std::vector<Matrix> jacobians) {
  const Index size = jacobians.front().rows();
  return {size, [](Index, Index, const Vector&, const Vector& s) { return s; },
          [jacobians](Index t, Index, const Vector&, const Vector&) {
            return jacobians[static_cast<std::size_t>(t - 1) % jacobians.size()];
          }};
}

/// What the task looks like; inputs(b, t) with t from 0.
struct Task {
  Index drive_steps = 0;
  Index steps = 0;
  Index validation = 0, test = 0, train = 0;
  Index drive_count = 0;
  std::function<double(Index b, Index t)> input = [](Index, Index) { return 0.0; };
};

struct Result {
  std::vector<std::int64_t> shape;
  std::vector<double> values;
  /// Row-major two-dimensional results as rows x columns.
  Matrix matrix() const {
    return Eigen::Map<const Matrix>(values.data(), shape[1], shape[0]).transpose();
  }
  Vector vector() const {
    return Eigen::Map<const Vector>(values.data(), static_cast<Index>(values.size()));
  }
};

struct Outcome {
  std::map<std::string, Result> results;
  std::map<std::string, std::string> notes;
  std::vector<std::string> warnings;
  const Result& operator[](const std::string& port) const { return results.at(port); }
  Vector exponents() const { return results.at("spectrum").vector(); }
};

using Options = std::map<std::string, std::string>;

namespace detail {

struct Pass {
  const System* system;
  Index batch, done = 0, count = 0;
  Matrix states, inputs;  // size x (count+1)*batch, inputs x count*batch
  Matrix last;
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
  s.inputs = system(m).inputs, s.outputs = 1, s.layers = 1;
  s.state = system(m).size, s.hidden = system(m).hidden;
  return &s;
}
inline lyap_pass* open(const lyap_model* m, const lyap_pass_request* r, lyap_error*) {
  auto* p = new Pass{&system(m), r->batch, 0, 0, {}, {}, {}};
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
    if (input.cols != count * q.batch) throw lyap::BadShape("columns of the input");
    q.done += q.count;
    q.count = count;
    q.inputs = lyap::view<double>(input);
    q.states.resize(q.system->size, (count + 1) * q.batch);
    q.states.leftCols(q.batch) = q.last;
    for (Index t = 1; t <= count; ++t)
      for (Index b = 0; b < q.batch; ++b)
        q.states.col(t * q.batch + b) =
            q.system->map(q.done + t, b, q.inputs.col((t - 1) * q.batch + b),
                          q.states.col((t - 1) * q.batch + b));
    q.last = q.states.rightCols(q.batch);
  });
}
inline std::int32_t state(const lyap_pass* p, std::int64_t t, lyap_matrix out, lyap_error*) {
  lyap::view<double>(out) = pass(p).states.middleCols(t * pass(p).batch, pass(p).batch);
  return LYAP_OK;
}
inline std::int32_t jacobian(const lyap_pass* p, std::int64_t t, std::int64_t b, std::int32_t scope,
                             const std::int64_t* rows, const std::int64_t* cols, lyap_matrix out,
                             lyap_error* error) {
  return guarded(error, [&] {
    const Pass& q = pass(p);
    const Matrix J = q.system->J(q.done + t, b, q.inputs.col((t - 1) * q.batch + b),
                                 q.states.col((t - 1) * q.batch + b));
    const Index n = scope == LYAP_HIDDEN_STATE ? q.system->hidden : q.system->size;
    if (out.rows != n || out.cols != n) throw lyap::BadShape("Jacobian of the wrong size");
    auto to = lyap::view<double>(out);
    for (Index j = 0; j < n; ++j)
      for (Index i = 0; i < n; ++i) to(i, j) = J(rows ? rows[i] : i, cols ? cols[j] : j);
  });
}
inline lyap_model_ops model_ops() {
  lyap_model_ops ops{};
  ops.size = sizeof ops;
  ops.shape = shape, ops.open = open, ops.close = close, ops.capacity = capacity;
  ops.start = start, ops.run = run, ops.state = state, ops.jacobian = jacobian;
  return ops;
}

inline const Task& task(const lyap_data* d) {
  return *reinterpret_cast<const Task*>(d);
}
inline const lyap_task_shape* task_shape(const lyap_data* d) {
  thread_local lyap_task_shape s{};
  s = {};
  s.size = sizeof s;
  s.loss = LYAP_NO_LOSS;
  s.inputs = 1, s.outputs = 1, s.targets = 1;
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
      for (Index b = 0; b < count; ++b) to(0, t * count + b) = task(d).input(which[b], from + t);
  });
}

struct Host {
  lyap::framework::Workers workers{2};
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

}  // namespace detail

/// The plugin, loaded as the kernel loads it.
inline const lyap_plugin& plugin() {
  static const lyap_plugin* found = [] {
    void* library = dlopen(LYAP_PLUGIN_DIR "/spectrum.lyap.so", RTLD_NOW | RTLD_LOCAL);
    REQUIRE_MESSAGE(library != nullptr, std::string(dlerror()));
    return static_cast<const lyap_library*>(dlsym(library, LYAP_LIBRARY_SYMBOL))->plugin(0);
  }();
  return *found;
}

/// The declared options with their defaults, some of them given.
class Given {
 public:
  explicit Given(const Options& given) {
    const lyap_plugin& p = plugin();
    texts_.reserve(p.option_count);
    std::size_t used = 0;
    for (std::uint32_t i = 0; i < p.option_count; ++i) {
      const auto at = given.find(p.options[i].name);
      used += at != given.end();
      texts_.push_back(at != given.end() ? at->second : p.options[i].fallback);
      lyap_value v{};
      v.name = p.options[i].name;
      v.text = texts_.back().c_str();
      v.real = std::strtod(v.text, nullptr);
      v.integer = std::strtoll(v.text, nullptr, 10);
      values_.push_back(v);
    }
    REQUIRE(used == given.size());
  }
  const lyap_value* data() const { return values_.data(); }
  std::uint32_t size() const { return static_cast<std::uint32_t>(values_.size()); }

 private:
  std::vector<std::string> texts_;
  std::vector<lyap_value> values_;
};

/// Runs the analysis; throws PluginError with its sentence.
inline Outcome measure(const System& system, const Task& task, const Options& options,
                       const Matrix* start = nullptr, bool stopped = false) {
  const auto& ops = *static_cast<const lyap_analysis_ops*>(plugin().ops);
  const Given given(options);
  lyap_error error{};
  lyap_analysis* analysis = ops.create(given.data(), given.size(), &error);
  lyap::border::check(analysis ? LYAP_OK : error.code, error);
  const lyap_model_ops model_ops = detail::model_ops();
  const lyap_data_ops data_ops{sizeof(lyap_data_ops), 0, detail::task_shape, nullptr,
                               detail::drive};
  const lyap_context_ops context_ops = detail::context_ops(&model_ops, &data_ops);
  const lyap_host_ops host_ops = detail::host_ops();
  detail::Host host;
  host.stopped = stopped;
  detail::Context context{&system, &task, start, {}, {}};
  const int code = ops.run(analysis, &context_ops, reinterpret_cast<lyap_context*>(&context),
                           {&host_ops, reinterpret_cast<lyap_host*>(&host)}, &error);
  ops.destroy(analysis);
  lyap::border::check(code, error);
  context.outcome.warnings = host.warnings;
  return context.outcome;
}

/// One run of `steps` steps, all exponents.
inline Vector exponents(const System& system, Index steps, Options options = {}) {
  options.emplace("sequences", "1");
  options.emplace("steps", std::to_string(steps));
  return measure(system, {}, options).exponents();
}

}  // namespace small_kernel
