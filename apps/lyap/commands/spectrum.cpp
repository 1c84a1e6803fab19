// apps/lyap/commands/spectrum.cpp - `lyap spectrum`: the exponents of somebody's own network.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "command.hpp"
#include "data/npy.hpp"
#include "data/tensor_expression.hpp"
#include "pipeline/read_yaml.hpp"
#include "program.hpp"
#include "run/headline.hpp"
#include "run/recognise.hpp"
#include "run/run.hpp"

namespace lyap::app {
namespace fs = std::filesystem;
namespace po = boost::program_options;
using namespace framework;
using Json = nlohmann::ordered_json;

namespace {

/// In quotes, so that any text is one YAML scalar.
std::string scalar(const std::string& text) {
  std::string all = "'";
  for (const char c : text) all += c == '\'' ? "''" : std::string(1, c);
  return all + "'";
}
std::string quoted_path(const fs::path& path) {
  return scalar(fs::absolute(path).string());
}

bool closed_loop(const Arguments& arguments) {
  return arguments.text("loop") == "closed";
}

/// What 0 means for sequences and steps depends on where the inputs come from.
struct Extent {
  std::int64_t sequences, steps;
};
Extent extent(const Arguments& arguments, const Recognised& network) {
  Extent e{arguments.integer("sequences"), arguments.integer("steps")};
  if (!arguments.has("inputs")) return {e.sequences ? e.sequences : 10, e.steps ? e.steps : 100};
  if (closed_loop(arguments) && e.steps == 0) e.steps = 1000;
  const std::string file = arguments.text("inputs");
  const std::vector<std::int64_t> shape = read_npy(file).shape;
  if ((shape.size() == 2 || shape.size() == 3) && shape.back() != network.inputs)
    throw InputError(
        fmt::format("{}: a step has {} numbers, the network of {} takes {}; the axes are "
                    "[sequences, steps, inputs] or [steps, inputs]",
                    file, shape.back(), arguments.text("weights"), network.inputs));
  // None at all is for the task to refuse, by the name of the file.
  if (e.sequences == 0) e.sequences = shape.size() == 3 ? std::max<std::int64_t>(shape[0], 1) : 1;
  return e;
}

/// The readout is among the tensors that the cell has no use for.
bool has_readout_bias(const Recognised& network) {
  return std::ranges::any_of(network.ignored,
                             [](const std::string& name) { return name.ends_with("bias"); });
}

/// The pipeline that the arguments stand for.
std::string pipeline_text(const Arguments& arguments, const Recognised& network,
                          const TensorRecipes& made) {
  const bool own_inputs = arguments.has("inputs"), closed = closed_loop(arguments);
  std::string with;
  for (const auto& [name, value] : network.options) with += fmt::format("{}: {}, ", name, value);
  if (!with.empty()) with.resize(with.size() - 2);
  std::string text = "lyap: 1\nname: spectrum\n";
  text += fmt::format("seed: {}\n", arguments.integer("seed"));
  text += "trials:\n  task:\n";
  // In closed loop the network predicts its inputs; all of them may bring its state in step.
  text += own_inputs ? fmt::format("    use: arrays\n    with: {{inputs: {}{}}}\n",
                                   quoted_path(arguments.text("inputs")),
                                   closed ? ", targets: next, fractions: [1, 0]" : "")
                     : fmt::format("    use: driven_noise\n    with: {{inputs: {}, variance: 1}}\n",
                                   network.inputs);
  text += fmt::format(
      "  cell:\n    use: {}\n    with: {{{}}}\n    layers: {}\n    weights:\n      file: {}\n",
      network.cell, with, network.layers,
      quoted_path(arguments.required("weights", "the file of weights")));
  if (!made.empty()) text += "      tensors:\n";
  for (const auto& [name, expression] : made)
    text += fmt::format("        {}: {}\n", scalar(name), scalar(expression));
  if (closed)
    text += fmt::format("    readout: {{bias: {}}}\n", has_readout_bias(network) ? "on" : "off");
  text += "  measure:\n    - use: spectrum\n      as: le\n      with:\n";
  const auto option = [&](const std::string& name, const std::string& value) {
    text += fmt::format("        {}: {}\n", name, value);
  };
  const auto [sequences, steps] = extent(arguments, network);
  option("sequences", std::to_string(sequences));
  option("loop", arguments.text("loop"));
  if (closed) {
    option("drive", std::to_string(arguments.integer("drive")));
    option("split", "train");
  }
  option("warmup", std::to_string(arguments.integer("warmup")));
  option("steps", std::to_string(steps));
  option("every", std::to_string(arguments.integer("every")));
  option("count", std::to_string(arguments.integer("count")));
  option("state", arguments.text("state"));
  option("orientation", arguments.text("orientation"));
  option("method", arguments.text("method"));
  if (arguments.has("start")) {
    option("start", "file");
    option("start_file", quoted_path(arguments.text("start")));
  }
  return text;
}

Json json_of(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json list(const MeasuredArray& array, std::size_t from, std::size_t count) {
  Json values = Json::array();
  for (std::size_t i = from; i < from + count; ++i) values.push_back(json_of(array.values[i]));
  return values;
}

void print_json(const Measurement& m, const Plan& plan) {
  Json json;
  const MeasuredArray& each = *m.find("per_sequence");
  const auto rows = static_cast<std::size_t>(each.shape[0]);
  const auto cols = static_cast<std::size_t>(each.shape[1]);
  for (std::size_t i = 0; i < rows; ++i) json["per_sequence"].push_back(list(each, i * cols, cols));
  json["mean"] = list(*m.find("spectrum"), 0, cols);
  json["std"] = list(*m.find("deviation"), 0, cols);
  json["dead"] = list(*m.find("dead"), 0, cols);
  Json& settings = json["settings"];
  settings = resolved(plan)["measure"][0]["with"];
  settings["cell"] = resolved(plan)["cell"];
  settings["unit"] = "nats/step";
  settings["order"] = "columns of Q";
  for (const auto& [key, value] : m.notes) settings["notes"][key] = value;
  for (const auto& [key, value] : m.find("spectrum")->notes) settings["notes"][key] = value;
  std::cout << json.dump(2) << '\n';
}

void print_table(const Measurement& m) {
  const MeasuredArray &mean = *m.find("spectrum"), &deviation = *m.find("deviation");
  const MeasuredArray &lower = *m.find("lower"), &upper = *m.find("upper"), &dead = *m.find("dead");
  std::cout << "index      exponent     std over      bootstrap interval        dead\n"
            << fmt::format("          {0}    sequences          {0}      sequences\n",
                           mean.quantity.unit);
  const auto cell = [](double value) {
    return std::isfinite(value) ? fmt::format("{:12.6f}", value)
           : std::isinf(value)  ? std::string("        -inf")
                                : std::string("           -");
  };
  for (std::size_t i = 0; i < mean.values.size(); ++i)
    std::cout << fmt::format("{:5} {} {} {} {} {:9.0f}\n", i + 1, cell(mean.values[i]),
                             cell(deviation.values[i]), cell(lower.values[i]),
                             cell(upper.values[i]), dead.values[i]);
  std::cout << headline(m) << '\n';
}

void declare(Arguments& arguments) {
  const auto number = [](std::int64_t value) {
    return po::value<std::int64_t>()->default_value(value)->value_name("N");
  };
  const auto word = [](const char* value) {
    return po::value<std::string>()->default_value(value)->value_name("WORD");
  };
  const auto file = [] { return po::value<std::string>()->value_name("FILE"); };
  arguments.add()                                                                  //
      ("weights", file(), "the network: a safetensors file with PyTorch's names")  //
      ("inputs", file(),
       ".npy, [sequences, steps, inputs] or [steps, inputs]; without it standard "
       "normal numbers drive the network")                                                      //
      ("start", file(), ".npy [sequences, state]: initial states, (h of every layer, then c)")  //
      ("cell", po::value<std::string>()->value_name("ID"),
       "which architecture, when names and shapes do not tell")  //
      ("with", po::value<Words>()->composing()->value_name("KEY=VALUE"),
       "an option of the cell, e.g. activation=relu (repeatable)")  //
      ("tensor", po::value<Words>()->composing()->value_name("NAME=EXPRESSION"),
       "a weight made of the file's tensors, e.g. 'weight_ih=i2h.weight[:, 0:28]', 'B=B^T' "
       "(repeatable)")                                                                 //
      ("state", word("full"), "full | hidden: hidden holds c fixed inside each step")  //
      ("loop", word("open"),
       "open | closed: closed runs the network on its own output; needs its readout in the file, "
       "and --inputs to bring its state in step")                                           //
      ("drive", number(100), "--loop closed: steps on --inputs before the loop is closed")  //
      ("warmup", number(0), "steps before the measurement")                                 //
      ("steps", number(0),
       "measured steps; 0 = all that remain (100 without --inputs, 1000 in closed loop)")  //
      ("every", number(1), "steps between two renormalisations")                           //
      ("count", number(0), "the first so many exponents; 0 = all")                         //
      ("sequences", number(0), "how many sequences; 0 = all of --inputs (10 without)")     //
      ("orientation", word("forward"), "forward | transposed (as in published code)")      //
      ("method", word("auto"), "auto | lu | householder")                                  //
      ("seed", number(1), "of the numbers that drive the network without --inputs")        //
      ("print-pipeline", po::bool_switch(), "print the pipeline this command stands for, and stop");
  arguments.positional("weights");
}

/// The tensors themselves are read again, and kept, by the run alone.
Recognised recognise_file(const fs::path& path, const TensorRecipes& made,
                          const Arguments& arguments, const Catalog& catalog) {
  const TensorFile file = with_made_tensors(read_safetensors(path), path, made);
  const auto with = arguments.pairs("with", "activation=relu");
  return recognise(path, file, catalog, arguments.text("cell"), {with.begin(), with.end()});
}

}  // namespace

int spectrum_command(const Words& words, Common common) {
  Arguments arguments(
      "spectrum MODEL.safetensors [options]",
      "Computes the Lyapunov spectrum of a trained network from its weights: the cell, its size\n"
      "and its layers are recognised from names and shapes of the tensors, whatever stands before\n"
      "them (rnn., lstm., module.). Exponents are in nats per step, in the order of the columns "
      "of\n"
      "Q. The command stands for a pipeline; --print-pipeline shows it.");
  declare(arguments);
  arguments.example("lyap spectrum my_lstm.safetensors --inputs my_inputs.npy --warmup 50");
  arguments.example("lyap spectrum my_rnn.safetensors --with activation=relu --json");
  arguments.example("lyap spectrum my_lipschitz.safetensors --tensor 'B=B^T' --tensor 'C=C^T'");
  if (!arguments.read(words, common)) return 0;

  if (closed_loop(arguments) && !arguments.has("inputs"))
    throw UsageError(
        "--loop closed needs --inputs, sequences that bring the state in step before the loop is "
        "closed");
  const fs::path path = arguments.required("weights", "the file of weights");
  const TensorRecipes made = arguments.pairs("tensor", "'weight_ih=i2h.weight[:, 0:28]'");
  Program program(common);
  const Recognised network = recognise_file(path, made, arguments, program.catalog);
  const std::string text = pipeline_text(arguments, network, made);
  if (arguments.values()["print-pipeline"].as<bool>()) {
    std::cout << text;
    return 0;
  }
  std::string recognised = "recognised " + network.cell;
  for (const auto& [name, value] : network.options)
    recognised += fmt::format(", {} {}", name, value);
  program.terminal.say(LYAP_INFO, fmt::format("{}: {}, {} layer(s), {} inputs", path.string(),
                                              recognised, network.layers, network.inputs));
  if (!network.ignored.empty() && !closed_loop(arguments))
    program.terminal.say(LYAP_INFO, "not part of the recurrent network: " + join(network.ignored));
  if (!arguments.has("inputs"))
    program.terminal.say(LYAP_WARNING,
                         "no --inputs: the network is driven by standard normal numbers, and its "
                         "spectrum depends on what drives it");

  const auto source = std::make_shared<Source>(Source{"lyap spectrum", text, ""});
  const Pipeline pipeline = parse(parse_yaml(source), "lyap spectrum");
  const Plan plan = resolve(pipeline, program.catalog);
  Surroundings surroundings = program.surroundings(pipeline.seed);
  surroundings.log = [&](int level, const std::string& sentence) {
    if (level >= LYAP_WARNING) program.terminal.say(level, sentence);  // the results are below
  };
  const Trial trial(plan, surroundings);
  const std::vector<Measurement> all = measure_weights(trial, trial.first_weights());
  if (common.json)
    print_json(all.front(), plan);
  else
    print_table(common.bits ? in_bits(all.front()) : all.front());
  return 0;
}

}  // namespace lyap::app
