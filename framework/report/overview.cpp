// framework/report/overview.cpp - what was asked, what was found in numbers, and with what.
#include "report/overview.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.hpp"
#include "base/text.hpp"
#include "report/aligned_tables.hpp"
#include "report/forms.hpp"
#include "report/headline_numbers.hpp"
#include "report/said_tables.hpp"

namespace lyap::framework {
namespace {

using Cells = std::vector<std::string>;

/// A setting as a person reads it.
std::string shown(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_array()) {
    Cells parts;
    for (const Json& part : value) parts.push_back(shown(part));
    return join(parts);
  }
  if (value.is_object()) {
    Cells parts;
    for (const auto& [key, part] : value.items()) parts.push_back(key + " " + shown(part));
    return join(parts);
  }
  if (value.is_number_float()) return shortest(value.get<double>());
  return value.dump();
}

std::string settings_of(const Json& step) {
  Cells parts;
  if (const auto with = step.find("with"); with != step.end())
    for (const auto& [key, value] : with->items())
      if (const std::string text = shown(value); !text.empty()) parts.push_back(key + " " + text);
  for (const char* key : {"layers", "init", "weights", "checkpoints", "at"})
    if (const auto found = step.find(key); found != step.end() && !found->empty())
      parts.push_back(std::string(key) + " " + shown(*found));
  return join(parts);
}

void add_step(const Json& step, const std::string& what, ReportTable& table) {
  const std::string as = step.value("as", what);
  table.rows.push_back(
      {as, step.value("use", "") + " " + step.value("version", ""), settings_of(step)});
}

ReportTable steps_table(const Json& resolved) {
  ReportTable table{"Steps with all their settings", "", {"step", "plugin", "settings"}, {}, ""};
  for (const char* name : {"task", "cell", "train"})
    if (resolved.contains(name) && resolved[name].is_object())
      add_step(resolved[name], name, table);
  for (const char* name : {"measure", "study"})
    if (resolved.contains(name) && resolved[name].is_array())
      for (const Json& step : resolved[name]) add_step(step, name, table);
  return table;
}

std::string text_of(const Json& object, const char* key) {
  const auto value = object.find(key);
  return value == object.end() ? "" : shown(*value);
}

/// One sentence a measurement, where it has one.
ReportTable headlines(const Found& found) {
  ReportTable table{"Headlines", "", {"step", "of", "headline"}, {}, ""};
  for (const Measurement& said : found.said) {
    std::string headline;
    for (const auto& [key, text] : said.notes)
      if (key == "headline") headline = text;  // the last: an analysis may have a note of that name
    if (headline != "done") table.rows.push_back({said.name, said.checkpoint, headline});
  }
  return table;
}

Cells names_said(const Found& found) {
  Cells names;
  for (const Measurement& said : found.said)
    if (std::find(names.begin(), names.end(), said.name) == names.end()) names.push_back(said.name);
  return names;
}

std::string repeat_command(const Found& found) {
  std::string command = found.many ? "lyap sweep run pipeline.yaml" : "lyap run pipeline.yaml";
  for (const std::string& preset : found.run.value("presets", Cells{}))
    command += " --preset " + shell_quoted(preset);
  for (const std::string& set : found.run.value("overrides", Cells{}))
    command += " -s " + shell_quoted(set);
  const Cells words = found.run.value("command", Cells{});
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if (words[i] == "--data") command += " --data " + shell_quoted(words[i + 1]);
  return command;
}

}  // namespace

std::string shell_quoted(const std::string& word) {
  if (!word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                              "0123456789_-+=.,:/@%") == std::string::npos)
    return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

Section asked_section(const Found& found) {
  Section section{"What was asked", "asked", {}, {}, {}, {}};
  if (found.resolved.is_object()) {
    section.tables.push_back(steps_table(found.resolved));
    if (found.many) section.tables.back().caption = "Of the first network of the sweep.";
  }
  const auto file = found.folder / "pipeline.yaml";
  if (std::filesystem::exists(file))
    section.tables.push_back({"The pipeline", "", {}, {}, read_file(file)});
  return section;
}

Section found_section(const Found& found) {
  Section section{"What was found", "found", {}, {}, {}, {}};
  if (const std::string status = text_of(found.run, "status"); !status.empty() && status != "done")
    section.paragraphs.push_back("The run ended as: " + status + ". " +
                                 text_of(found.run, "sentence"));
  for (const auto& [file, problem] : found.problems)
    section.paragraphs.push_back("Left out: " + problem);
  const auto text = found.folder / "study.txt";
  if (found.said.empty() && std::filesystem::exists(text))  // of an earlier version
    section.tables.push_back({"Studies", "", {}, {}, read_file(text)});
  for (const ReportTable& table : {numbers_table(found), headlines(found)})
    if (!table.rows.empty()) section.tables.push_back(table);
  for (const std::string& name : names_said(found))
    for (ReportTable& table : said_tables(found, name))
      if (tells_published(table)) section.tables.push_back(std::move(table));
  return section;
}

Section training_section(const Found& found) {
  Section section{"Training", "training", {}, {}, {}, {}};
  Cells kinds;  // "loss": train_loss and validation_loss share a chart
  for (const Json& row : found.metrics)
    for (const auto& [key, value] : row.items()) {
      if (key == "epoch" || key == "seconds" || !value.is_number()) continue;
      const std::size_t bar = key.find('_');
      const bool of_split =
          key.starts_with("train_") || key.starts_with("validation_") || key.starts_with("test_");
      const std::string kind = of_split ? key.substr(bar + 1) : key;
      if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
    }
  for (const std::string& kind : kinds) {
    Chart chart;
    chart.title = "Training: " + kind;
    chart.caption = "of every epoch; epoch 0 is the network before training";
    for (const Json& row : found.metrics)
      for (const auto& [key, value] : row.items()) {
        if (!value.is_number() || (key != kind && !key.ends_with("_" + kind))) continue;
        chart.data["epoch"].numbers.push_back(row.value("epoch", 0.0));
        chart.data["value"].numbers.push_back(value.get<double>());
        chart.data["which"].texts.push_back(key);
      }
    const std::vector<double>& values = chart.data["value"].numbers;
    if (values.size() < 2 ||
        std::all_of(values.begin(), values.end(), [&](double v) { return v == values.front(); }))
      continue;
    Lines lines{.x = "epoch", .x_title = "epoch", .y = "value", .y_title = kind, .colour = "which"};
    lines.points = values.size() < 60;
    lines.log_y = spans_decades(values) && !kind.ends_with("accuracy");
    chart.view = lines_view(lines);
    section.charts.push_back(std::move(chart));
  }
  return section;
}

Section provenance_section(const Found& found) {
  Section section{"Provenance", "provenance", {}, {}, {}, {}};
  section.paragraphs.push_back("To repeat it, in this folder:");
  section.tables.push_back({"Command", "", {}, {}, repeat_command(found)});
  const Json& run = found.run;
  ReportTable facts{"With what", "", {"", "value"}, {}, ""};
  for (const char* key : {"begin", "end", "status", "lyap", "seed", "workers", "blas", "host",
                          "pipeline", "folder", "points"})
    if (const std::string text = text_of(run, key); !text.empty())
      facts.rows.push_back({key, text});
  if (const auto words = run.find("command"); words != run.end() && words->is_array()) {
    Cells quoted;
    for (const Json& word : *words) quoted.push_back(shell_quoted(shown(word)));
    facts.rows.push_back({"command", join(quoted, " ")});
  }
  if (const auto conventions = run.find("conventions"); conventions != run.end())
    for (const auto& [key, text] : conventions->items()) facts.rows.push_back({key, shown(text)});
  section.tables.push_back(std::move(facts));
  Json plugins = run.contains("plugins") ? run["plugins"] : Json();
  if (found.many && !found.table.ids.empty()) {
    const auto file = found.folder / "points" / found.table.ids.front() / "run.json";
    if (std::filesystem::exists(file))
      plugins = Json::parse(read_file(file), nullptr, false).value("plugins", Json());
  }
  if (plugins.is_array() && !plugins.empty()) {
    ReportTable table{"Plugins",
                      found.many ? "Of the first network." : "",
                      {"plugin", "kind", "version", "compiler", "SHA-256"},
                      {},
                      ""};
    for (const Json& p : plugins) {
      Cells row = {text_of(p, "id"), text_of(p, "kind"), text_of(p, "version"),
                   text_of(p, "compiler"), text_of(p, "sha256")};
      // Once, however many steps use it.
      if (std::find(table.rows.begin(), table.rows.end(), row) == table.rows.end())
        table.rows.push_back(std::move(row));
    }
    section.tables.push_back(std::move(table));
  }
  return section;
}

}  // namespace lyap::framework
