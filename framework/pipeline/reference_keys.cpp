// framework/pipeline/reference_keys.cpp - the keys of a pipeline file in words.
#include "pipeline/reference_keys.hpp"

namespace lyap::framework {
namespace {

constexpr const char* required = "required";
constexpr ReferenceKey use = {"use", "id of a plugin", required,
                              "which plugin; a step that says nothing else may be that word alone"};
constexpr ReferenceKey with = {"with", "map", "", "its options, as `lyap describe ID` lists them"};
constexpr ReferenceKey as = {"as", "name", "the id",
                             "what the step is called in `record`, `from`, `report` and files"};

constexpr ReferenceKey pipeline[] = {
    {"lyap", "1", required, "version of the file's format"},
    {"name", "at most 64 letters, digits, - _ .", "name of the file",
     "names the folder of results"},
    {"about", "text", "", "what it is for; stands in the report"},
    {"seed", "integer from 0", "1", "all random numbers of the run follow from it"},
    {"precision", "map", "", "see below"},
    {"jacobian", "auto, analytic, automatic, differences", "auto",
     "who computes derivatives; auto: whatever the cell has"},
    {"plugins", "list of folders", "", "searched for plugins too, after those of `--plugins`"},
    {"trials", "map", required, "what is done for each network"},
    {"study", "list of steps", "", "what is done once, on the table of all networks"},
    {"report", "list of charts", "", "charts the report shows beside its own; see below"},
    {"presets", "map of maps", "",
     "`NAME: {path: value}`: values that `--preset NAME` puts in place"},
};
constexpr ReferenceKey precision[] = {
    {"train", "float32, float64", "float32", "numbers of training"},
    {"analysis", "float64", "float64", "numbers of measurements"},
};
constexpr ReferenceKey trials[] = {
    {"sweep", "map", "", "variables and their values: one network for every point; see below"},
    {"sampling", "map", "", "how points are drawn, ordered and seeded"},
    {"task", "step", required, "what the network has to do"},
    {"cell", "step", required, "the architecture"},
    {"train", "step", "no training", "how the weights are learned"},
    {"measure", "list of steps", "", "measurements on the network"},
    {"record", "map", "", "columns of the table of networks; see below"},
};
constexpr ReferenceKey sampling[] = {
    {"draws", "random, sobol", "random", "how draws are spread"},
    {"order", "listed, random", "listed", "in which order points are carried out"},
    {"seeds", "independent, shared", "independent",
     "a seed for every point, or one for points that differ in more than a count"},
};
constexpr ReferenceKey task[] = {use, with};
constexpr ReferenceKey cell[] = {
    use,
    with,
    {"layers", "integer 1..1000", "1", "cells stacked on each other"},
    {"init", "map", "the cell's own",
     "`WEIGHT: initialiser`, of one layer `WEIGHT_l1`; `matrices`: of all tensors of the cell with "
     "more than one column. The more precise entry wins"},
    {"weights", "map", "", "begin from the weights of a file"},
    {"readout", "map", "", "the linear map from the state to the prediction"},
};
constexpr ReferenceKey weights[] = {
    {"file", "path", required, "a safetensors file"},
    {"tensors", "map", "", "`NAME: expression`: tensors made of those of the file"},
    {"rename", "map", "", "`NAME IN THE FILE: NAME HERE`"},
};
constexpr ReferenceKey readout[] = {
    {"bias", "on, off", "on", "with a bias"},
    {"dropout", "0..0.99", "0", "of its input, while training"},
    {"init", "map", "", "`weight` and `bias`: initialisers"},
};
constexpr ReferenceKey train[] = {
    use,
    with,
    {"checkpoints", "every, last, best, [0, 5]", "what is measured",
     "epochs whose weights are kept"},
};
constexpr ReferenceKey measure[] = {
    use,
    with,
    as,
    {"from", "map", "", "`INPUT: STEP.RESULT`: what other measurements give"},
    {"at", "every, last, best, [0, 5]", "last", "epochs that are measured"},
};
constexpr ReferenceKey study[] = {
    use,
    with,
    as,
    {"from", "map", "", "`INPUT: trials.COLUMN` or `STEP.RESULT`"},
};

constexpr ReferenceMap maps[] = {
    {"the pipeline", "the file", pipeline},
    {"'precision'", "`precision`", precision},
    {"'trials'", "`trials`", trials},
    {"'sampling'", "`trials.sampling`", sampling},
    {"'task'", "`trials.task`", task},
    {"'cell'", "`trials.cell`", cell},
    {"'weights'", "`trials.cell.weights`", weights},
    {"'readout'", "`trials.cell.readout`", readout},
    {"'train'", "`trials.train`", train},
    {"a step of 'measure'", "a step of `trials.measure`", measure},
    {"a step of 'study'", "a step of `study`", study},
};

}  // namespace

std::span<const ReferenceMap> reference_maps() {
  return maps;
}

}  // namespace lyap::framework
