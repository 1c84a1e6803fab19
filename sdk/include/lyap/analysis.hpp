// lyap/analysis.hpp - what the author of an analysis writes: a measurement on a network, or a
// computation on measurements.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "lyap/model.hpp"

namespace lyap {

/// What an analysis consumes and produces; pipelines are checked against it before they run. A
/// quantity is "name[axis, axis] unit": "exponent[sequence, index] nats/step".
class Ports {
 public:
  void model(const char* name, const char* doc = "a network") {
    list_.push_back({name, "", doc, LYAP_MODEL_PORT, 0});
  }
  void data(const char* name, const char* doc = "the task's sequences") {
    list_.push_back({name, "", doc, LYAP_DATA_PORT, 0});
  }
  void input(const char* name, const char* quantity, const char* doc) {
    list_.push_back({name, quantity, doc, LYAP_INPUT, 0});
  }
  void optional(const char* name, const char* quantity, const char* doc) {
    list_.push_back({name, quantity, doc, LYAP_OPTIONAL, 0});
  }
  void result(const char* name, const char* quantity, const char* doc) {
    list_.push_back({name, quantity, doc, LYAP_RESULT, 0});
  }
  const std::vector<lyap_port>& list() const { return list_; }

 private:
  std::vector<lyap_port> list_;
};

/// Doubles with a shape, last axis fastest.
struct ArrayView {
  std::span<const double> values;
  std::span<const std::int64_t> shape;
};

/// The kernel's side of one measurement: what is connected, and where results go.
class Context {
 public:
  Context(const lyap_context_ops* ops, lyap_context* context) : ops_(ops), context_(context) {}

  Model model(const char* port = "model") const {
    return Model(ops_->model_ops, connected(ops_->model(context_, port), port));
  }
  Data data(const char* port = "data") const {
    return Data(ops_->data_ops, connected(ops_->data(context_, port), port));
  }
  /// Empty when the port is optional and not connected.
  std::optional<ArrayView> input(const char* port) const {
    lyap_array a{};
    if (!ops_->input(context_, port, &a)) return std::nullopt;
    std::size_t size = 1;
    for (std::int64_t i = 0; i < a.dimensions; ++i) size *= static_cast<std::size_t>(a.shape[i]);
    return ArrayView{{a.data, size}, {a.shape, static_cast<std::size_t>(a.dimensions)}};
  }

  /// Gives a result; values last axis fastest. NaN means missing.
  void result(const char* port, const std::vector<std::int64_t>& shape,
              std::span<const double> values) {
    border::call(ops_->result, context_, port, shape.data(),
                 static_cast<std::int64_t>(shape.size()), values.data());
  }
  /// Announces a large result that follows in pieces, which go to a file of their own as they come
  /// and need not fit in memory. [any thread, like piece()]
  void announce(const char* port, const std::vector<std::int64_t>& shape) {
    border::call(ops_->announce, context_, port, shape.data(),
                 static_cast<std::int64_t>(shape.size()));
  }
  void piece(const char* port, const std::vector<std::int64_t>& from,
             const std::vector<std::int64_t>& extent, std::span<const double> values) {
    border::call(ops_->piece, context_, port, from.data(), extent.data(), values.data());
  }
  /// Says how a result was made: an attribute in the file, a line in the report. An empty port
  /// speaks of the whole measurement. What stands under the key "self_check" is also shown with the
  /// headline of the run; lines under the key "table" are shown below it.
  void note(const char* port, const std::string& key, const std::string& value) {
    ops_->note(context_, port, key.c_str(), value.c_str());
  }
  /// The word of a code, when a port carries words ("lstm", "gru") as codes 0, 1, ...; null
  /// otherwise.
  const char* label(const char* port, std::int64_t code) const {
    return ops_->label(context_, port, code);
  }
  /// Adds a matrix (rows x columns; a vector has one column) to the file `file`.safetensors beside
  /// the results, which a later analysis reads with Host::read_tensor; note(file, key, value) adds
  /// to its metadata.
  template <class Derived>
  void tensor(const std::string& file, const std::string& name,
              const Eigen::DenseBase<Derived>& values) {
    const typename Derived::PlainObject copy = values;
    border::call(ops_->tensor, context_, file.c_str(), name.c_str(), lend(copy));
  }
  /// Bytes this measurement may use.
  std::int64_t memory_budget() const { return ops_->memory_budget(context_); }

 private:
  template <class T>
  static const T* connected(const T* p, const char* port) {
    if (!p) throw std::logic_error("nothing is connected to port '" + std::string(port) + "'");
    return p;
  }
  const lyap_context_ops* ops_;
  lyap_context* context_;
};

/// What a run would cost, for `lyap plan`.
struct Estimate {
  double bytes = 0, flops = 0;
  std::string text;
};

class Analysis {
 public:
  virtual ~Analysis() = default;
  virtual void run(Context& context, const Host& host) = 0;
  /// From shapes alone; throws when the options cannot work with them. Either may be null.
  virtual Estimate estimate(const lyap_model_shape*, const lyap_task_shape*) const { return {}; }
};

namespace border {

template <class C>
concept IsAnalysis = std::derived_from<C, Analysis>;

template <IsAnalysis C>
struct AnalysisTable {
  static_assert(std::constructible_from<C, const Values&>,
                "LYAP_PLUGINS: an analysis is constructed from (const lyap::Values&)");
  static_assert(
      requires(Ports & p) { C::ports(p); },
      "LYAP_PLUGINS: an analysis declares its ports in static void ports(lyap::Ports&)");
  static lyap_analysis* create(const lyap_value* values, std::uint32_t count, lyap_error* error) {
    C* made = nullptr;
    guarded(error, [&] { made = new C(Values(values, count)); });
    return reinterpret_cast<lyap_analysis*>(made);
  }
  static void destroy(lyap_analysis* a) { delete reinterpret_cast<C*>(a); }
  static std::int32_t run(lyap_analysis* a, const lyap_context_ops* ops, lyap_context* context,
                          lyap_lent host, lyap_error* error) {
    return guarded(error, [&] {
      Context lent(ops, context);
      reinterpret_cast<C*>(a)->run(lent, Host(host));
    });
  }
  static std::int32_t estimate(const lyap_analysis* a, const lyap_model_shape* model,
                               const lyap_task_shape* task, lyap_estimate* out, lyap_error* error) {
    return guarded(error, [&] {
      const Estimate e = reinterpret_cast<const C*>(a)->estimate(model, task);
      *out = {e.bytes, e.flops, {}};
      e.text.copy(out->text, sizeof out->text - 1);
    });
  }
  static constexpr lyap_analysis_ops ops{
      sizeof(lyap_analysis_ops), 0, create, destroy, run, estimate};
};

}  // namespace border
}  // namespace lyap
