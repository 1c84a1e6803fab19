// tests/plugins/spectrum/small_kernel.hpp - just enough kernel to run the spectrum plugin through
// its border on a map written in the test.
#pragma once
#include <dlfcn.h>
#include <doctest/doctest.h>

#include <cstdlib>
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "small_system.hpp"
#include "small_tables.hpp"

namespace small_kernel {

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
                       const Matrix* start = nullptr, bool stopped = false, int workers = 2) {
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
  detail::Host host(workers);
  host.stopped = stopped;
  detail::Context context{&system, &task, start, {}, {}};
  const int code = ops.run(analysis, &context_ops, reinterpret_cast<lyap_context*>(&context),
                           {&host_ops, reinterpret_cast<lyap_host*>(&host)}, &error);
  ops.destroy(analysis);
  lyap::border::check(code, error);
  context.outcome.warnings = host.warnings;
  return context.outcome;
}

/// What planning says before anything runs; throws PluginError with its sentence.
inline std::string planned(const Task& task, const Options& options) {
  const auto& ops = *static_cast<const lyap_analysis_ops*>(plugin().ops);
  const Given given(options);
  lyap_error error{};
  lyap_analysis* analysis = ops.create(given.data(), given.size(), &error);
  lyap::border::check(analysis ? LYAP_OK : error.code, error);
  lyap_estimate estimate{};
  const int code =
      ops.estimate(analysis, nullptr, detail::task_shape(reinterpret_cast<const lyap_data*>(&task)),
                   &estimate, &error);
  ops.destroy(analysis);
  lyap::border::check(code, error);
  return estimate.text;
}

/// One run of `steps` steps, all exponents.
inline Vector exponents(const System& system, Index steps, Options options = {}) {
  options.emplace("sequences", "1");
  options.emplace("steps", std::to_string(steps));
  return measure(system, {}, options).exponents();
}

}  // namespace small_kernel
