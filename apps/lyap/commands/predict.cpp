// apps/lyap/commands/predict.cpp - `lyap predict`: what a trained AeLLE says of other networks.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "data/tensor_expression.hpp"
#include "program.hpp"
#include "run/headline.hpp"
#include "run/row.hpp"
#include "run/run.hpp"
#include "sweep/applied.hpp"
#include "sweep/sweep_directory.hpp"
#include "version.hpp"

namespace lyap::app {
namespace fs = std::filesystem;
namespace po = boost::program_options;
using namespace framework;
using Json = nlohmann::ordered_json;

namespace {

/// The networks that are judged: what they are called, and their rows.
struct Networks {
  std::vector<std::string> names;
  std::vector<Row> rows;
};

class Predicting {
 public:
  Predicting(const Arguments& arguments, Program& program)
      : program_(program),
        study_(arguments.text("with"), program.catalog),
        inputs_(arguments.has("inputs") ? arguments.text("inputs") : "") {}

  void add(const fs::path& target) {
    if (!fs::is_directory(target))
      add_weights(target.string(), target);
    else if (fs::exists(target / "sweep.json"))
      for (const PlannedPoint& point : SweepDirectory::open(target).points())
        add_run(point.id, target / "points" / point.id);
    else
      add_run(target.filename().string(), target);
  }

  Measurement apply() {
    const Surroundings surroundings = program_.surroundings(1);
    const Table table = table_of(networks_.names, networks_.rows);
    if (!table.column(study_.column().name))
      throw InputError(
          "there is no network to be judged; give a file of weights, a run or a sweep");
    return study_.apply(table, surroundings);
  }

  const std::vector<std::string>& names() const { return networks_.names; }

 private:
  /// A run that was measured as the study's networks were is not measured again.
  void add_run(const std::string& name, const fs::path& folder) {
    const fs::path row = folder / "row.safetensors";
    if (!fs::exists(row)) return;  // a point that is not complete
    if (inputs_.empty() && study_.measured_alike(folder / "resolved.json")) {
      Row known = read_row(row);
      std::erase_if(known, [&](const MeasuredArray& a) { return a.port != study_.column().name; });
      if (!known.empty()) {
        last_epoch_of(known.front());
        networks_.names.push_back(name);
        networks_.rows.push_back(std::move(known));
        return;
      }
    }
    program_.terminal.say(LYAP_INFO, folder.string() +
                                         ": was measured in another way; its last weights are "
                                         "measured as the study's networks were");
    add_weights(name, folder / "checkpoints" / "final.safetensors");
  }

  /// A column of several epochs gives its last.
  static void last_epoch_of(MeasuredArray& array) {
    if (array.quantity.axes.empty() || array.quantity.axes[0] != "checkpoint") return;
    const auto size =
        static_cast<std::ptrdiff_t>(array.size() / std::max<std::int64_t>(array.shape[0], 1));
    array.values.erase(array.values.begin(), array.values.end() - size);
    array.shape.erase(array.shape.begin());
    array.quantity.axes.erase(array.quantity.axes.begin());
  }

  void add_weights(const std::string& name, const fs::path& weights) {
    const Recognised network =
        recognise(weights, read_safetensors(weights), program_.catalog, "", {});
    const Plan plan = study_.plan_for(network, weights, inputs_);
    Surroundings surroundings = program_.surroundings(plan.asked.seed);
    surroundings.log = [this](int level, const std::string& sentence) {
      if (level >= LYAP_WARNING)
        program_.terminal.say(level, sentence);  // the result is told below
    };
    const Trial trial(plan, surroundings);
    RunOutcome outcome;
    outcome.measurements = measure_weights(trial, trial.first_weights());
    program_.terminal.say(LYAP_INFO, fmt::format("{}: {}, {}", name, network.cell,
                                                 headline(outcome.measurements.front())));
    networks_.names.push_back(name);
    networks_.rows.push_back(row_of(plan, outcome));
  }

  Program& program_;
  AppliedStudy study_;
  fs::path inputs_;
  Networks networks_;
};

/// One number a network: the mean and deviation over seeds of what the study says.
struct Said {
  std::string name;
  std::vector<double> mean, deviation;  ///< no deviation: the first seed's number
};

/// Number `at` of every network in a result [seed, network, ...], `width` numbers a network.
Said said(const MeasuredArray& array, const std::string& name, std::int64_t width, std::int64_t at,
          std::int64_t seeds) {
  const std::int64_t networks = array.shape[1];
  Said result{name, {}, {}};
  for (std::int64_t n = 0; n < networks; ++n) {
    const auto of_seed = [&](std::int64_t seed) {
      return array.values[static_cast<std::size_t>((seed * networks + n) * width + at)];
    };
    double mean = 0, squares = 0;
    for (std::int64_t s = 0; s < seeds; ++s) mean += of_seed(s) / static_cast<double>(seeds);
    for (std::int64_t s = 0; s < seeds; ++s) squares += std::pow(of_seed(s) - mean, 2);
    result.mean.push_back(mean);
    if (seeds > 1) result.deviation.push_back(std::sqrt(squares / static_cast<double>(seeds - 1)));
  }
  return result;
}

/// Whatever the analysis says of single networks, in the order of its ports. Components are those
/// of the first seed: every seed has axes of its own.
std::vector<Said> all_said(const Measurement& study) {
  const std::vector<std::string> one = {"seed", "network", "checkpoint"};
  std::vector<Said> all;
  for (const MeasuredArray& array : study.arrays) {
    const std::vector<std::string>& axes = array.quantity.axes;
    if (axes == one) all.push_back(said(array, array.port, 1, 0, array.shape[0]));
    if (axes.size() != 4 || axes[3] != "component") continue;
    for (std::int64_t c = 0; c < std::min<std::int64_t>(array.shape[3], 2); ++c)
      all.push_back(said(array, fmt::format("{}.{}", array.port, c + 1), array.shape[3], c, 1));
  }
  return all;
}

std::string shown(const Said& column, std::size_t network) {
  const double mean = column.mean[network];
  if (std::isnan(mean)) return "-";
  return column.deviation.empty()
             ? fmt::format("{:.4g}", mean)
             : fmt::format("{:.4g} +- {:.2g}", mean, column.deviation[network]);
}

void print(const std::vector<std::string>& names, const std::vector<Said>& all,
           const Measurement& study) {
  std::size_t width = 7;
  for (const std::string& name : names) width = std::max(width, name.size());
  std::cout << fmt::format("{:<{}}", "network", width);
  for (const Said& column : all) std::cout << fmt::format("  {:>20}", column.name);
  std::cout << '\n';
  for (std::size_t n = 0; n < names.size(); ++n) {
    std::cout << fmt::format("{:<{}}", names[n], width);
    for (const Said& column : all) std::cout << fmt::format("  {:>20}", shown(column, n));
    std::cout << '\n';
  }
  std::cout << "mean +- standard deviation over the seeds of the study; components of the first\n";
  for (const MeasuredArray& array : study.arrays)
    if (array.shape.empty() && std::isfinite(array.values[0]))
      std::cout << fmt::format("{} {:.6g}: {}\n", array.port, array.values[0], array.doc);
}

void print_json(const std::vector<std::string>& names, const std::vector<Said>& all) {
  const auto number = [](double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
  };
  Json json = Json::array();
  for (std::size_t n = 0; n < names.size(); ++n) {
    Json line{{"network", names[n]}};
    for (const Said& column : all) {
      line[column.name]["mean"] = number(column.mean[n]);
      if (!column.deviation.empty()) line[column.name]["deviation"] = number(column.deviation[n]);
    }
    json.push_back(std::move(line));
  }
  std::cout << json.dump(2) << '\n';
}

}  // namespace

int predict_command(const Words& words, Common common) {
  Arguments arguments(
      "predict NETWORK... --with STUDY.safetensors [options]",
      "Applies what a study of a sweep has learned, such as an autoencoder on spectra, to other\n"
      "networks: predicted loss, verdict (1: below the threshold of the study) and place in the\n"
      "embedding, mean and standard deviation over the study's seeds. A network is a file of\n"
      "weights, the folder of a run, or the folder of a sweep. It is measured as the networks of\n"
      "the study were, with the same task, unless its run did that already.");
  arguments.add()  //
      ("network", po::value<Words>()->composing()->value_name("NETWORK"),
       "weights (safetensors), the folder of a run, or of a sweep (repeatable)")  //
      ("with", po::value<std::string>()->value_name("FILE"),
       "what the study kept: STEP.safetensors in the folder of its sweep")  //
      ("inputs", po::value<std::string>()->value_name("FILE"),
       ".npy, [sequences, steps, inputs]: drives the network instead of the study's task");
  arguments.positional("network", -1);
  arguments.example(
      "lyap predict my_lstm.safetensors --with runs/aelle-smnist-desk/aelle.safetensors");
  arguments.example(
      "lyap predict runs/other-sweep --with runs/aelle-smnist-desk/aelle.safetensors");
  if (!arguments.read(words, common)) return 0;
  const Words targets = arguments.texts("network");
  if (targets.empty())
    arguments.refuse("give a network: a file of weights, the folder of a run, or of a sweep");
  if (!arguments.has("with"))
    arguments.refuse("--with is needed: the file that a study kept, STEP.safetensors");
  Program program(common);
  Predicting predicting(arguments, program);
  for (const std::string& target : targets) predicting.add(target);
  const Measurement study = predicting.apply();
  const std::vector<Said> all = all_said(study);
  if (common.json)
    print_json(predicting.names(), all);
  else
    print(predicting.names(), all, study);
  return 0;
}

}  // namespace lyap::app
