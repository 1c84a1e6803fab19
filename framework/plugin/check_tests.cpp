// framework/plugin/check_tests.cpp - the list of conformance tests.
#include <fmt/format.h>

#include "plugin/check_test.hpp"
#include "plugin/columns.hpp"

namespace lyap::framework {
namespace {

using namespace checks;

constexpr int library = 0;

constexpr CheckTest tests[] = {
    {"scan-fast", library, "the file is recognised and loaded in less than 0.1 s", scan_fast},
    {"load-now", library, "it loads with all symbols resolved and its tables are sound", load_now},
    {"one-symbol", library, "it exports lyap_library_v1 and nothing else", one_symbol},
    {"ids-unique", library, "no two of its plugins have the same id", ids_unique},
    {"described", library, "options and ports say what they are, defaults are allowed", described},

    {"create-defaults", LYAP_CELL, "it can be created with its defaults", cell_create_defaults},
    {"create-at-limits", LYAP_CELL, "at the ends of its ranges it is created or says why not",
     cell_create_at_limits},
    {"shape-consistent", LYAP_CELL, "blocks, outputs and operations fit each other",
     cell_shape_consistent},
    {"weights-named", LYAP_CELL, "weights have distinct names, initialisers and extents",
     weights_named},
    {"known-torch-names", LYAP_CELL, "weights that PyTorch has too are called as there",
     known_torch_names},
    {"step-repeatable", LYAP_CELL, "the same arguments give the same bits", step_repeatable},
    {"batch-is-columns", LYAP_CELL, "B samples together are B samples alone", batch_is_columns},
    {"chunk-is-steps", LYAP_CELL, "a chunk of T steps is T chunks of one", chunk_is_steps},
    {"bind-follows-weights", LYAP_CELL,
     "after bind it computes with the new weights, live ones "
     "without",
     bind_follows_weights},
    {"not-finite-reported", LYAP_CELL, "NaN in one sample shows, and in that sample only",
     not_finite_reported},
    {"inputs-untouched", LYAP_CELL, "what it reads it does not change", inputs_untouched},
    {"unaligned-buffers", LYAP_CELL, "odd addresses and strides give the same numbers",
     unaligned_buffers},
    {"stays-inside-buffers", LYAP_CELL, "it writes all of its results and nothing beside them",
     stays_inside_buffers},
    {"forgets-arguments", LYAP_CELL, "arguments may change after the call", forgets_arguments},
    {"push-vs-differences", LYAP_CELL, "push is the derivative of step", push_vs_differences},
    {"pull-is-transpose", LYAP_CELL, "pull is the transpose of push", pull_is_transpose},
    {"jacobian-is-push", LYAP_CELL, "jacobian is push of the identity, block by block, reordered",
     jacobian_is_push},
    {"weight-gradients", LYAP_CELL, "pull gives the derivatives by the weights", weight_gradients},
    {"backward-is-pulls", LYAP_CELL, "backward is pull, step by step", backward_is_pulls},
    {"output-map", LYAP_CELL, "the output map's derivatives are those of its value", output_map},
    {"start-state", LYAP_CELL, "start is repeatable and start_pull its derivative", start_state},
    {"project-keeps-shape", LYAP_CELL, "project gives finite weights and changes nothing else",
     project_keeps_shape},
    {"threads", LYAP_CELL, "several threads on one tape, and on tapes of their own, get the same",
     threads},

    {"create-defaults", LYAP_TASK, "it can be created with its defaults", task_create_defaults},
    {"shape-consistent", LYAP_TASK, "extents, loss and counts fit each other",
     task_shape_consistent},
    {"fetch-repeatable", LYAP_TASK, "a sequence is the same whenever and with whatever it is asked",
     fetch_repeatable},
    {"fetch-in-range", LYAP_TASK, "inputs are finite, targets finite or class indices",
     fetch_in_range},
    {"drive-contiguous", LYAP_TASK, "drive in pieces is drive in one", drive_contiguous},

    {"create-defaults", LYAP_TRAINER, "it can be created with its defaults",
     trainer_create_defaults},
    {"create-defaults", LYAP_ANALYSIS, "it can be created with its defaults",
     analysis_create_defaults},
    {"ports-described", LYAP_ANALYSIS, "it has results, and every port says what it carries",
     ports_described},
};

}  // namespace

std::span<const CheckTest> check_tests() {
  return tests;
}

std::string check_list() {
  std::vector<std::vector<std::string>> rows;
  for (const CheckTest& test : tests)
    rows.push_back({test.kind == library ? "library" : std::string(kind_name(test.kind)),
                    std::string(test.name), std::string(test.truth)});
  return columns(rows, "");
}

}  // namespace lyap::framework
