// tests/framework/plugin/conformance_test.cpp - each broken promise is found by the test for it.
#include "plugin/conformance.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "base/error.hpp"

using namespace lyap::framework;

namespace {

using Ids = std::set<std::string>;

std::filesystem::path broken(const std::string& name) {
  return std::filesystem::path(LYAP_BROKEN_DIR) / (name + ".lyap.so");
}

// Tasks of tests/broken ask nothing of the host.
lyap_lent host_of_nothing() {
  static const lyap_host_ops ops{};
  return {&ops, nullptr};
}

// In this process, unless something deadly is tried: processes cost minutes under a sanitizer.
CheckOptions options_for(const std::string& only) {
  CheckOptions options;
  options.only = only;
  options.in_process = true;
  options.host = host_of_nothing;
  return options;
}

std::vector<CheckResult> run(const std::string& library, const std::string& only) {
  return check_library(broken(library), options_for(only));
}

const CheckResult& result_for(const std::vector<CheckResult>& results, const std::string& plugin) {
  const auto found = std::find_if(results.begin(), results.end(), [&](const CheckResult& result) {
    return result.plugin == plugin;
  });
  REQUIRE(found != results.end());
  return *found;
}

std::string sentence_for(const std::string& library, const std::string& test,
                         const std::string& plugin) {
  return result_for(run(library, test), plugin).sentence;
}

// The plugins that a test does not let pass.
Ids found_by(const std::string& test, const std::string& library = "faulty_cells") {
  Ids ids;
  for (const CheckResult& result : run(library, test))
    if (result.verdict != Verdict::Passed && result.verdict != Verdict::Skipped)
      ids.insert(result.plugin);
  return ids;
}

}  // namespace

TEST_CASE("a sound cell passes every test, in this process and in others") {
  for (const bool in_process : {true, false}) {
    CheckOptions options;
    options.in_process = in_process;
    const auto results = check_library(broken("sound_cell"), options);
    CHECK(results.size() == 5 + 3 * 23);
    CHECK(conforms(results));
    for (const CheckResult& result : results) {
      CAPTURE(result.plugin);
      CAPTURE(result.test);
      CAPTURE(result.sentence);
      const bool left_out =
          result.plugin == "sound_without_derivatives" && result.verdict == Verdict::Skipped;
      CHECK((result.verdict == Verdict::Passed || result.test == "scan-fast" || left_out));
    }
  }
}

TEST_CASE("what a cell does not offer is skipped with what the kernel does instead") {
  const std::pair<const char*, const char*> cases[] = {
      {"push-vs-differences", "it has no push; the kernel takes differences"},
      {"pull-is-transpose", "it has no push; the kernel takes differences"},
      {"jacobian-is-push", "it has no push; the kernel takes differences"},
      {"weight-gradients", "it has no pull; it cannot be trained"},
      {"backward-is-pulls", "it has no pull; it cannot be trained"},
      {"output-map", "it has no output map; it shows a block of its state"},
      {"start-state", "it has no start; it begins at zero"},
      {"project-keeps-shape", "it has no projection; its weights are free"}};
  for (const auto& [test, sentence] : cases) {
    const std::string shown(test);
    CAPTURE(shown);
    CHECK(sentence_for("sound_cell", test, "sound_without_derivatives") == sentence);
  }
}

TEST_CASE("each fault of a cell is found by the test of the promise it breaks") {
  CHECK(found_by("create-defaults") == Ids{"refuses_defaults", "silent_null"});
  CHECK(found_by("create-at-limits") == Ids{"silent_null"});
  CHECK(found_by("shape-consistent") == Ids{"blocks_do_not_add_up"});
  CHECK(found_by("weights-named") == Ids{"bad_weight_name"});
  CHECK(found_by("known-torch-names") == Ids{"bad_weight_name", "near_torch_name"});
  CHECK(found_by("step-repeatable") == Ids{"changes_input", "counts_calls"});
  CHECK(found_by("batch-is-columns") == Ids{"changes_input", "mixes_batch"});
  CHECK(found_by("chunk-is-steps") == Ids{"changes_input", "counts_calls", "restarts_in_chunk"});
  CHECK(found_by("bind-follows-weights") == Ids{"counts_calls", "keeps_live_weights"});
  CHECK(found_by("not-finite-reported") == Ids{"changes_input", "counts_calls", "swallows_nan"});
  CHECK(found_by("inputs-untouched") == Ids{"changes_input"});
  CHECK(found_by("unaligned-buffers") == Ids{"ignores_stride"});
  CHECK(found_by("stays-inside-buffers") == Ids{"ignores_stride", "writes_beside"});
  CHECK(found_by("forgets-arguments", "keeping_cell") == Ids{"keeps_arguments"});
  CHECK(found_by("forgets-arguments").empty());
}

TEST_CASE("each wrong derivative of a cell is found by the test for it") {
  CHECK(found_by("push-vs-differences") ==
        Ids{"push_sign", "restarts_in_chunk", "sloppy_in_float"});
  CHECK(found_by("pull-is-transpose") ==
        Ids{"pull_forgets_memory", "push_sign", "sloppy_in_float"});
  CHECK(found_by("jacobian-is-push") == Ids{"ignores_column_order"});
  CHECK(found_by("weight-gradients") ==
        Ids{"forgets_bias_gradient", "pull_forgets_memory", "restarts_in_chunk"});
  CHECK(found_by("backward-is-pulls") == Ids{"backward_drops_state"});
  CHECK(found_by("output-map") == Ids{"wrong_output_push"});
  CHECK(found_by("start-state") == Ids{"starts_anew"});
  CHECK(found_by("project-keeps-shape") == Ids{"projects_to_nan"});
  CHECK(found_by("threads") == Ids{"changes_input", "needs_its_own_thread"});
}

TEST_CASE("a cell that ends or hangs its process is reported and stops nothing") {
  CheckOptions options = options_for("step-repeatable");
  options.in_process = false;
  options.time_limit = 2;
  const auto results = check_library(broken("deadly_cells"), options);
  REQUIRE(results.size() == 4);
  CHECK(result_for(results, "crashes").verdict == Verdict::Crashed);
  CHECK(result_for(results, "crashes").sentence == "ended by SIGABRT");
  CHECK(result_for(results, "hangs").verdict == Verdict::Crashed);
  CHECK(result_for(results, "hangs").sentence == "took longer than 2 s");
  CHECK(result_for(results, "hangs").seconds >= 2);
}

TEST_CASE("an exception that crosses the border is a failure with its text") {
  CHECK(sentence_for("deadly_cells", "create-defaults", "throws_standard") ==
        "an exception crossed the border: no units today; a plugin returns an error instead");
  CHECK(sentence_for("deadly_cells", "create-defaults", "throws_other") ==
        "an exception that is no std::exception crossed the border; a plugin returns an error "
        "instead");
}

TEST_CASE("what a test found is said in words") {
  CHECK(sentence_for("faulty_cells", "create-defaults", "refuses_defaults") ==
        "create refuses its own defaults: 4 units are not enough; give 5");
  CHECK(sentence_for("faulty_cells", "create-defaults", "silent_null") ==
        "create returns null without a sentence");
  CHECK(sentence_for("faulty_cells", "shape-consistent", "blocks_do_not_add_up") ==
        "its blocks have 8 rows together and its state 9");
  CHECK(sentence_for("faulty_cells", "weights-named", "bad_weight_name") ==
        "weight 1 is called 'weight hh'");
  CHECK(sentence_for("faulty_cells", "known-torch-names", "near_torch_name") ==
        "weight 'weight_hhh' is not what PyTorch calls it; did you mean 'weight_hh'?");
  CHECK(sentence_for("faulty_cells", "stays-inside-buffers", "writes_beside") ==
        "in float64, it writes beside its results: states of step");
  CHECK(sentence_for("faulty_cells", "push-vs-differences", "sloppy_in_float")
            .starts_with("in float32, push and that of float64 part at row "));
  CHECK(sentence_for("faulty_cells", "step-repeatable", "silent_null") ==
        "it cannot be created; see create-defaults");
}

TEST_CASE("each fault of a task is found by the test of the promise it breaks") {
  const std::string tasks = "faulty_tasks";
  CHECK(found_by("create-defaults", tasks) == Ids{"refuses_defaults"});
  CHECK(found_by("shape-consistent", tasks) == Ids{"two_rows_of_classes"});
  CHECK(found_by("fetch-repeatable", tasks) == Ids{"counts_calls"});
  CHECK(found_by("fetch-in-range", tasks) == Ids{"class_out_of_range"});
  CHECK(found_by("drive-contiguous", tasks) == Ids{"restarts_drive"});
  CHECK(sentence_for(tasks, "shape-consistent", "two_rows_of_classes") ==
        "its targets are classes and have 2 rows instead of 1");
  CHECK(sentence_for(tasks, "fetch-in-range", "class_out_of_range") ==
        "the class in column 0 is 3, and there are 3 classes");
  const auto results = run(tasks, "create-defaults");
  CHECK(result_for(results, "lacks_data").verdict == Verdict::Skipped);
  CHECK(result_for(results, "lacks_data").sentence == "there is no file 'digits'; fetch it");
}

TEST_CASE("a required option is asked for and then used") {
  CheckOptions options;
  options.only = "create-defaults";
  CHECK(check_library(broken("eloquent"), options).at(0).sentence ==
        "option 'start' has no default; give --with start=VALUE");
  options.with = {{"start", "here"}};
  const auto results = check_library(broken("eloquent"), options);
  CHECK(results.at(0).verdict == Verdict::Failed);
  CHECK(results.at(0).sentence == "create returns null without a sentence");
}

TEST_CASE("an unknown test or option is an error that names the nearest") {
  CheckOptions options;
  options.only = "push-vs-diferences";
  CHECK_THROWS_WITH_AS(check_library(broken("plain"), options),
                       "there is no test 'push-vs-diferences'; did you mean 'push-vs-differences'?",
                       InputError);
  options.only = "";
  options.with = {{"unit", "3"}};
  CHECK_THROWS_WITH_AS(check_library(broken("plain"), options),
                       "no plugin of the library has an option 'unit'; did you mean 'units'?",
                       InputError);
}

TEST_CASE("a library that is refused fails in one result") {
  const auto results = check_library(broken("wrong_major"), CheckOptions{});
  REQUIRE(results.size() == 1);
  CHECK(results[0].test == "load-now");
  CHECK(results[0].verdict == Verdict::Failed);
  CHECK(results[0].sentence ==
        broken("wrong_major").string() +
            ": speaks plugin ABI 2, and this lyap speaks plugin ABI 1; rebuild it against this "
            "lyap's SDK");
  CHECK_FALSE(conforms(results));
}

TEST_CASE("visible symbols beside the one are a warning, which still conforms") {
  const auto results = run("two_symbols", "one-symbol");
  REQUIRE(results.size() == 1);
  CHECK(results[0].verdict == Verdict::Warning);
  CHECK(results[0].sentence ==
        "exports 1 further symbols (lyap_test_visible_function), which other code of the process "
        "may be bound to; build it with lyap_add_plugin()");
  CHECK(conforms(results));
}

TEST_CASE("results are a table with counts and seed, or JSON") {
  const std::vector<CheckResult> results = {
      {"load-now", "", Verdict::Passed, "ABI 1.0", 0.25},
      {"threads", "lstm", Verdict::Crashed, "ended by SIGSEGV", 1.5}};
  CheckOptions options;
  options.seed = 7;
  CHECK(check_text(results, options) ==
        "(library)  load-now  passed   ABI 1.0\n"
        "lstm       threads   crashed  ended by SIGSEGV\n"
        "1 passed, 1 crashed; seed 7\n");
  const auto json = nlohmann::json::parse(check_json(results, options));
  CHECK(json["seed"] == 7);
  CHECK(json["conforms"] == false);
  CHECK(json["results"][1]["verdict"] == "crashed");
  CHECK(json["results"][1]["seconds"] == 1.5);
}
