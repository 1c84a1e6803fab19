// framework/plugin/check_test.hpp - one conformance test: what it is given and how it answers.
#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "plugin/conformance.hpp"
#include "plugin/plugin.hpp"

namespace lyap::framework {

/// How a test ends other than by returning; the text is the sentence of its result.
struct CheckFailed {
  std::string sentence;
};
struct CheckSkipped {
  std::string sentence;
};
struct CheckWarning {
  std::string sentence;
};

struct CheckSubject {
  std::filesystem::path file;
  const Plugin* plugin;  ///< null for tests of the library as a whole
  const CheckOptions& options;
};

/// A test returns its note ("largest difference 3e-11 in float64") when it passes.
struct CheckTest {
  std::string_view name;
  int kind;  ///< lyap_kind; 0: the library as a whole
  std::string_view truth;
  std::string (*run)(const CheckSubject&);
};

/// In the order in which they are run.
std::span<const CheckTest> check_tests();

namespace checks {

std::string scan_fast(const CheckSubject&);
std::string load_now(const CheckSubject&);
std::string one_symbol(const CheckSubject&);
std::string ids_unique(const CheckSubject&);
std::string described(const CheckSubject&);

std::string cell_create_defaults(const CheckSubject&);
std::string cell_create_at_limits(const CheckSubject&);
std::string cell_shape_consistent(const CheckSubject&);
std::string weights_named(const CheckSubject&);
std::string known_torch_names(const CheckSubject&);

std::string step_repeatable(const CheckSubject&);
std::string batch_is_columns(const CheckSubject&);
std::string chunk_is_steps(const CheckSubject&);
std::string bind_follows_weights(const CheckSubject&);
std::string not_finite_reported(const CheckSubject&);

std::string inputs_untouched(const CheckSubject&);
std::string unaligned_buffers(const CheckSubject&);
std::string stays_inside_buffers(const CheckSubject&);
std::string forgets_arguments(const CheckSubject&);

std::string push_vs_differences(const CheckSubject&);
std::string pull_is_transpose(const CheckSubject&);
std::string jacobian_is_push(const CheckSubject&);
std::string weight_gradients(const CheckSubject&);
std::string backward_is_pulls(const CheckSubject&);
std::string output_map(const CheckSubject&);
std::string start_state(const CheckSubject&);
std::string project_keeps_shape(const CheckSubject&);
std::string threads(const CheckSubject&);

std::string task_create_defaults(const CheckSubject&);
std::string task_shape_consistent(const CheckSubject&);
std::string fetch_repeatable(const CheckSubject&);
std::string fetch_in_range(const CheckSubject&);
std::string drive_contiguous(const CheckSubject&);

std::string trainer_create_defaults(const CheckSubject&);
std::string analysis_create_defaults(const CheckSubject&);
std::string ports_described(const CheckSubject&);

}  // namespace checks
}  // namespace lyap::framework
