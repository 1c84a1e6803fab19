// framework/run/run.cpp - carries out a plan: data -> build -> train -> measure, into a folder.
#include "run/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "model/border.hpp"
#include "run/headline.hpp"
#include "run/measure.hpp"
#include "run/notes_file.hpp"
#include "run/pictures.hpp"
#include "run/result_store.hpp"
#include "run/row.hpp"

namespace lyap::framework {
namespace {

/// A network to be measured, and which it is.
struct Checkpoint {
  std::string name;
  std::int64_t epoch = -1;
  Snapshot network;

  /// In names of files: "epoch-0003", or "given" for weights that were not trained here.
  std::string file_name() const { return epoch < 0 ? "given" : fmt::format("epoch-{:04}", epoch); }
};

class Measuring {
 public:
  Measuring(const Trial& trial, const RunDirectory* directory)
      : trial_(trial), directory_(directory) {}

  /// Analyses are made before anything long begins: an option that is refused, by itself or for
  /// this network and task, is told at once.
  void prepare() {
    for (const PlannedMeasure& measure : trial_.plan().measures)
      analyses_.emplace_back(*measure.plugin, measure.with())
          .estimate(&trial_.network().shape(), &trial_.task().shape());
  }

  /// The network's weights move into the model, so that there is one copy of them.
  void run(Checkpoint checkpoint, const std::vector<bool>& wanted) {
    const auto model = trial_.model(std::move(checkpoint.network.weights));
    model->set_carried(checkpoint.network.carried);
    for (std::size_t i = 0; i < analyses_.size(); ++i) {
      if (!wanted[i]) continue;
      const PlannedMeasure& measure = trial_.plan().measures[i];
      Measurement done = analyses_[i].run(model_ops(), lend(std::as_const(*model)), &trial_.task(),
                                          trial_.surroundings(), request(measure, checkpoint));
      done.checkpoint = checkpoint.name;
      done.epoch = checkpoint.epoch;
      trial_.surroundings().log(
          LYAP_INFO,
          fmt::format("{} at {}: {} ({:.1f} s)", measure.as, checkpoint.name,
                      headline(trial_.surroundings().bits ? in_bits(done) : done), done.seconds));
      measurements.push_back(std::move(done));
      if (directory_) write(checkpoint);
    }
  }

  std::vector<Measurement> measurements;

 private:
  MeasurementRequest request(const PlannedMeasure& measure, const Checkpoint& checkpoint) const {
    MeasurementRequest request{measure.as, {}, {}};
    if (directory_) request.fields = directory_->field(measure.as, checkpoint.file_name());
    for (const PlannedInput& input : measure.inputs)
      for (const Measurement& m : measurements)
        if (m.name == input.measure && m.checkpoint == checkpoint.name)
          if (const MeasuredArray* array = m.find(input.result)) request.inputs[input.port] = array;
    return request;
  }

  /// What has been measured so far; the last measurement's pictures.
  void write(const Checkpoint& checkpoint) const {
    write_results(directory_->file("spectra.h5"), measurements,
                  {{"pipeline", trial_.plan().asked.name},
                   {"cell", std::string(trial_.plan().cell.plugin->id())},
                   {"task", trial_.task().id()}});
    write_notes(directory_->file("notes.json"), measurements);
    write_pictures(*directory_, measurements.back(), checkpoint.file_name());
  }

  const Trial& trial_;
  const RunDirectory* directory_;
  std::vector<Analysis> analyses_;
};

bool names(const Epochs& epochs, std::int64_t epoch) {
  return epochs.which == Epochs::Which::Every ||
         (epochs.which == Epochs::Which::Listed &&
          std::count(epochs.listed.begin(), epochs.listed.end(), epoch) > 0);
}

/// Every kept epoch that a measure asks for, then the network as training left it.
void measure_all(const Trial& trial, const RunDirectory& directory, Snapshot trained,
                 const TrainingOutcome& training, Measuring& measuring) {
  const std::vector<PlannedMeasure>& measures = trial.plan().measures;
  const auto wanted_by = [&](auto&& condition) {
    std::vector<bool> wanted;
    for (const PlannedMeasure& measure : measures) wanted.push_back(condition(measure.at));
    return wanted;
  };
  const auto any = [](const std::vector<bool>& wanted) {
    return std::count(wanted.begin(), wanted.end(), true) > 0;
  };
  for (const EpochFigures& epoch : training.history) {
    const auto wanted = wanted_by([&](const Epochs& at) { return names(at, epoch.epoch); });
    if (!any(wanted)) continue;
    Snapshot kept{Weights(trial.network().weight_shapes(), LYAP_F64), {}};
    const auto path = directory.checkpoint(epoch.epoch);
    get_snapshot(kept, read_safetensors(path), path);
    measuring.run({fmt::format("epoch {}", epoch.epoch), epoch.epoch, std::move(kept)}, wanted);
  }
  const auto last = wanted_by([](const Epochs& at) {
    return at.which == Epochs::Which::Last || at.which == Epochs::Which::Best;
  });
  if (any(last))
    measuring.run({trial.plan().trains() ? "the end of training" : "the given weights",
                   trial.plan().trains() ? training.final_epoch : -1, std::move(trained)},
                  last);
  for (const PlannedMeasure& measure : measures)
    for (const std::int64_t epoch : measure.at.listed)
      if (epoch > training.last_epoch)
        trial.surroundings().log(
            LYAP_WARNING, fmt::format("{}: training ended after epoch {}, there is no epoch {}",
                                      measure.as, training.last_epoch, epoch));
}

/// Which figures there are is the trainer's and the task's to say, and known only now.
void warn_of_unknown_figures(const Trial& trial, const TrainingOutcome& training) {
  if (training.history.empty()) return;
  std::vector<std::string> known;
  for (const auto& [name, value] : training.history.back().figures) known.push_back(name);
  for (const Column& column : trial.plan().asked.trials.record)
    if (column.recorded.what == Recorded::What::Figure &&
        !std::count(known.begin(), known.end(), column.recorded.name))
      trial.surroundings().log(
          LYAP_WARNING,
          fmt::format("record: training has no figure '{}'{}; there are {}", column.recorded.name,
                      did_you_mean(column.recorded.name, known), join(known)));
}

}  // namespace

void rehearse(const Trial& trial) {
  trial.first_weights();
  trial.first_carried();
  make_trainer(trial.plan().train);
  Measuring(trial, nullptr).prepare();
}

RunOutcome run_trial(const Trial& trial, const RunDirectory& directory, bool resume) {
  RunOutcome outcome;
  Measuring measuring(trial, &directory);
  measuring.prepare();
  const Pipeline& asked = trial.plan().asked;
  const auto model = trial.model(trial.first_weights().as(asked.training));
  model->set_carried(trial.first_carried());
  TrainingRun training(trial.plan(), *model, trial.task_view(), trial.task().lent(),
                       trial.surroundings(), directory);
  if (resume) training.resume();
  outcome.training = training.run();
  outcome.end = outcome.training.end;
  if (outcome.end == TrainingEnd::Done) {
    try {
      measure_all(trial, directory, {model->weights(LYAP_F64), model->carried()}, outcome.training,
                  measuring);
    } catch (const Interrupted& e) {
      outcome.end = TrainingEnd::Interrupted;
      outcome.training.sentence = e.what();
    }
  }
  outcome.measurements = std::move(measuring.measurements);
  for (const auto& shape : trial.network().weight_shapes())
    outcome.parameters += shape.rows * shape.cols;
  warn_of_unknown_figures(trial, outcome.training);
  const Row row = row_of(trial.plan(), outcome);
  directory.write("record.json", json_of(row));
  write_row(directory.file("row.safetensors"), row);
  return outcome;
}

std::vector<Measurement> measure_weights(const Trial& trial, Weights weights) {
  Measuring measuring(trial, nullptr);
  measuring.prepare();
  measuring.run({"the given weights", -1, {std::move(weights), trial.first_carried()}},
                std::vector<bool>(trial.plan().measures.size(), true));
  return std::move(measuring.measurements);
}

}  // namespace lyap::framework
