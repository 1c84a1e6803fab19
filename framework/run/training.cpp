// framework/run/training.cpp - trains one network: epochs, checkpoints, figures, how it may end.
#include "run/training.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/file.hpp"
#include "base/reported.hpp"
#include "base/text.hpp"
#include "run/training_table.hpp"

namespace lyap::framework {
namespace {

using Json = nlohmann::ordered_json;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string line_of(const EpochFigures& epoch) {
  Json line{{"epoch", epoch.epoch}, {"seconds", epoch.seconds}};
  for (const auto& [name, value] : epoch.figures)
    line[name] = std::isfinite(value) ? Json(value) : Json(nullptr);
  return line.dump();
}

std::string sentence_of(const EpochFigures& epoch) {
  std::string text = fmt::format("epoch {}:", epoch.epoch);
  for (const auto& [name, value] : epoch.figures)
    if (std::isfinite(value)) text += fmt::format(" {} {:.4g} ", name, value);
  return text + fmt::format(" ({:.1f} s)", epoch.seconds);
}

}  // namespace

TrainerHandle make_trainer(const PlannedStep& step) {
  const lyap_trainer_ops& ops = step.plugin->trainer();
  lyap_error error{};
  TrainerHandle trainer(
      ops.create(step.with().data(), static_cast<std::uint32_t>(step.with().size()), &error),
      ops.destroy);
  if (!trainer) throw_reported(step.plugin->title(), error);
  return trainer;
}

TrainingRun::TrainingRun(const Plan& plan, Model& model, const TaskView& task,
                         const lyap_data* data, const Surroundings& surroundings,
                         const RunDirectory& directory)
    : plan_(plan),
      model_(model),
      data_(data),
      surroundings_(surroundings),
      directory_(directory),
      gradient_(model.network(), model.weights(), task, *surroundings.workers, surroundings.seed),
      last_{model.weights(), model.carried()},
      best_(last_) {
  if (model.network().cell(0).ops().project) previous_ = model.weights();
}

void TrainingRun::resume() {
  if (!std::filesystem::exists(directory_.latest()))
    return directory_.keep_lines("metrics.jsonl", 0);
  const TensorFile file = read_safetensors(directory_.latest());
  const auto number = [&](const char* key) {
    const auto found = file.metadata.find(key);
    const auto value = found == file.metadata.end() ? std::nullopt : parse_integer(found->second);
    if (!value)
      throw InputError(directory_.latest().string() + ": its metadata has no number '" + key +
                       "'; it was not written by a run");
    return *value;
  };
  if (number("epoch") == 0) return directory_.keep_lines("metrics.jsonl", 0);
  get_snapshot(last_, file, directory_.latest(), "weights.");
  get_snapshot(best_, file, directory_.latest(), "best.");
  slots_.take(file, directory_.latest(), "trainer.");
  return_to(last_);
  outcome_.last_epoch = outcome_.final_epoch = number("epoch");
  outcome_.best_epoch = number("best_epoch");
  // Lines after the checkpoint belong to an epoch that will be done again.
  directory_.keep_lines("metrics.jsonl", static_cast<std::size_t>(number("lines")));
  read_history();
  surroundings_.log(LYAP_INFO, fmt::format("going on after epoch {}", outcome_.last_epoch));
}

void TrainingRun::read_history() {
  std::istringstream lines(read_file(directory_.file("metrics.jsonl")));
  for (std::string line; std::getline(lines, line);) try {
      const Json figures = Json::parse(line);
      EpochFigures epoch{figures.at("epoch"), figures.at("seconds"), {}};
      for (const auto& [name, value] : figures.items())
        if (name != "epoch" && name != "seconds")
          epoch.figures.emplace_back(name, value.is_null() ? std::nan("") : value.get<double>());
      outcome_.history.push_back(std::move(epoch));
    } catch (const Json::exception&) {
      throw InputError(
          fmt::format("{}:{}: not a line that a run writes; start the run anew from its pipeline",
                      directory_.file("metrics.jsonl").string(), outcome_.history.size() + 1));
    }
}

TrainingOutcome TrainingRun::run() {
  const PlannedStep& step = plan_.train;
  const std::string who = step.plugin->title();
  const lyap_trainer_ops& ops = step.plugin->trainer();
  const TrainerHandle trainer = make_trainer(step);
  lyap_error error{};
  LentHost host(surroundings_, "train");
  epoch_began_ = now();
  const int code = ops.fit(trainer.get(), &training_ops(), lend(*this), host.lent(), &error);
  const bool stopped = code == LYAP_STOPPED || (code == LYAP_OK && surroundings_.stopped());
  if (code == LYAP_OK && !stopped) {
    save_final();
    return std::move(outcome_);
  }
  if (!stopped && code != LYAP_NOT_FINITE) throw_reported(who, error);
  return_to(last_);
  outcome_.final_epoch = outcome_.last_epoch;
  outcome_.end = stopped ? TrainingEnd::Interrupted : TrainingEnd::Diverged;
  if (!stopped) save_final();
  outcome_.sentence = code == LYAP_OK
                          ? fmt::format("training was stopped after epoch {}", outcome_.last_epoch)
                          : who + ": " + error.text;
  return std::move(outcome_);
}

LossSum TrainingRun::evaluate(std::int32_t split, std::int64_t batch) {
  static constexpr const char* names[] = {"train_", "validation_", "test_"};
  const Evaluation found = gradient_.evaluate(split, batch);
  for (const auto& [name, value] : found.figures.means())
    measured_.emplace_back(names[split] + name, value);
  return found.loss;
}

void TrainingRun::weights_changed(double learning_rate) {
  if (previous_ && learning_rate > 0)
    model_.network().project(model_.weights(), *previous_, &gradient_.gradient(), learning_rate);
  if (previous_) *previous_ = model_.weights();
  model_.changed();
}

bool TrainingRun::epoch_done(std::int64_t epoch, const lyap_metric* figures, std::int32_t count,
                             bool best) {
  model_.weights().require_finite(fmt::format("after epoch {}", epoch));
  EpochFigures done{epoch, now() - epoch_began_, {}};
  for (std::int32_t i = 0; i < count; ++i)
    done.figures.emplace_back(figures[i].name, figures[i].value);
  done.figures.insert(done.figures.end(), measured_.begin(), measured_.end());
  measured_.clear();
  epoch_began_ = now();
  if (Carried carried = slots_.carried(); !carried.state.empty())
    model_.set_carried(std::move(carried));
  last_ = {model_.weights(), model_.carried()};
  if (best) {
    best_ = last_;
    outcome_.best_epoch = epoch;
  }
  outcome_.last_epoch = outcome_.final_epoch = epoch;
  directory_.append("metrics.jsonl", line_of(done));
  surroundings_.log(LYAP_INFO, sentence_of(done));
  outcome_.history.push_back(std::move(done));
  save(epoch);
  return !surroundings_.stopped();
}

void TrainingRun::save(std::int64_t epoch) const {
  if (plan_.keeps(epoch)) {
    TensorFile file;
    put_snapshot(file, last_);
    file.metadata["epoch"] = std::to_string(epoch);
    write_safetensors(directory_.checkpoint(epoch), file);
  }
  TensorFile latest;
  put_snapshot(latest, last_, "weights.");
  put_snapshot(latest, best_, "best.");
  slots_.put(latest, "trainer.");
  latest.metadata = {{"epoch", std::to_string(epoch)},
                     {"best_epoch", std::to_string(outcome_.best_epoch)},
                     {"lines", std::to_string(outcome_.history.size())}};
  write_safetensors(directory_.latest(), latest);
}

void TrainingRun::save_final() const {
  TensorFile file;
  put_snapshot(file, {model_.weights(), model_.carried()});
  file.metadata["epoch"] = std::to_string(outcome_.final_epoch);
  write_safetensors(directory_.final(), file);
}

void TrainingRun::restore_best() {
  return_to(best_);
  outcome_.final_epoch = outcome_.best_epoch;
}

void TrainingRun::return_to(const Snapshot& snapshot) {
  model_.weights() = snapshot.weights;
  model_.set_carried(snapshot.carried);
  weights_changed(0);
}

}  // namespace lyap::framework
