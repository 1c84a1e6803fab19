// tests/framework/sweep/study_test.cpp - studies of a plan, fed with columns of the table.
#include "sweep/study.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "../temporary_folder.hpp"
#include "base/file.hpp"
#include "data/hdf5_read.hpp"
#include "data/safetensors.hpp"
#include "made_row.hpp"
#include "small_sweep.hpp"

using namespace lyap::framework;

namespace {

struct Kernel {
  Kernel() {
    surroundings.workers = &workers;
    surroundings.folders = &folders;
    surroundings.log = [this](int level, const std::string& sentence) {
      if (level >= LYAP_WARNING) warnings.push_back(sentence);
    };
  }
  Workers workers{2};
  DataFolders folders{{}};
  Surroundings surroundings;
  std::vector<std::string> warnings;
};

/// The studies of a pipeline whose networks are measured at the end and at epochs 0 and 2.
Plan planned_studies(const std::string& studies) {
  const std::string text =
      pipeline_text("cell: [rnn, gru], network: {count: 20}",
                    "  task: {use: digits, with: {train: 20, test: 6}}\n"
                    "  cell: {use: $cell, with: {units: 3}}\n"
                    "  train: {use: bptt, with: {epochs: 2}}\n"
                    "  measure: [{use: spectrum, as: le}, {use: spectrum, as: at, at: [0, 2]}]\n"
                    "  record: {cell: $cell, loss: train.validation_loss, spectrum: le.spectrum, "
                    "spectra: 'at.spectrum[0, 2]', history: le.history}\n",
                    "seed: 5\nstudy:\n" + studies);
  return planned(text).plan(0, catalog());
}

/// Spectra of three numbers, drawn out along the first; every tenth network has none.
Table made_table() {
  std::vector<std::string> ids;
  std::vector<Row> rows;
  for (int i = 0; i < 40; ++i) {
    const double x = std::sin(i), y = 0.1 * std::cos(3 * i);
    ids.push_back("id" + std::to_string(i));
    rows.push_back({word("cell", i < 20 ? "rnn" : "gru"), number("loss", 2 - x)});
    if (i % 10 == 9) continue;
    rows.back().push_back(numbers("spectrum[index] nats/step", {3}, {x, y, -1}));
    rows.back().push_back(
        numbers("spectra[checkpoint, index] nats/step", {2, 3}, {x, y, -1, 2 * x, y, -2}, "0 2"));
  }
  return table_of(ids, rows);
}

std::vector<Measurement> run(const std::string& studies, const Table& table = made_table()) {
  Kernel kernel;
  std::vector<Measurement> done;
  std::vector<std::string> told;
  run_studies(planned_studies(studies), table, kernel.surroundings, done,
              [&](const Measurement& m) { told.push_back(m.name); });
  REQUIRE(told.size() == done.size());
  for (std::size_t i = 0; i < done.size(); ++i) {
    CHECK(told[i] == done[i].name);
    CHECK(done[i].checkpoint == "all networks");
  }
  return done;
}

}  // namespace

TEST_CASE("studies: columns come with the axes that a port has, results go on to studies below") {
  const auto done =
      run("  - {use: split, as: parts, from: {rows: trials, group: trials.cell}}\n"
          "  - {use: embed, as: last, from: {table: trials.spectrum, part: parts.part}}\n"
          "  - {use: embed, as: both, from: {table: trials.spectra}}\n");
  REQUIRE(done.size() == 3);
  CHECK(done[0].find("part")->shape == std::vector<std::int64_t>{40});
  const MeasuredArray* last = done[1].find("coordinate");
  CHECK(last->shape == std::vector<std::int64_t>{1, 40, 1, 2});  // seed and checkpoint put in
  CHECK(done[2].find("coordinate")->shape == std::vector<std::int64_t>{1, 40, 2, 2});
  for (std::size_t i = 0; i < 40; ++i) {
    CAPTURE(i);
    CHECK(std::isnan(last->values[2 * i]) == (i % 10 == 9));
  }
}

TEST_CASE("studies: the epochs of a column, and the words of its codes") {
  const auto done =
      run("  - {use: evolve, from: {spectra: trials.spectra, epoch: trials.spectra.epoch, group: "
          "trials.cell}}\n");
  REQUIRE(done.size() == 1);
  const auto* groups = done[0].find("groups");
  REQUIRE(groups);
  CHECK(groups->words() == std::vector<std::string>{"rnn", "gru"});
  CHECK(done[0].find("mean")->shape == std::vector<std::int64_t>{40, 2});
}

TEST_CASE("studies: all networks have a number, also those that gave nothing") {
  const auto done = run("  - {use: split, from: {rows: trials}}\n",
                        table_of({"a", "b", "c", "d", "e"}, {{}, {}, {}, {}, {}}));
  for (const double part : done[0].find("part")->values) CHECK(std::isfinite(part));
}

TEST_CASE("studies: a column that no network gave is named") {
  Kernel kernel;
  std::vector<Measurement> done;
  CHECK_THROWS_WITH_AS(
      run_studies(planned_studies("  - {use: embed, from: {table: trials.spectrum}}\n"),
                  table_of({"a"}, {{number("loss", 1)}}), kernel.surroundings, done,
                  [](const Measurement&) {}),
      "no network has a value in column 'spectrum'; results that came in pieces are too large for "
      "the table",
      InputError);
  CHECK(done.empty());
}

TEST_CASE("studies: a study that cannot go on leaves those before it") {
  Kernel kernel;
  std::vector<Measurement> done;
  CHECK_THROWS_AS(run_studies(planned_studies("  - {use: split, from: {rows: trials}}\n"
                                              "  - {use: embed, from: {table: trials.spectrum}}\n"),
                              table_of({"a", "b"}, {{number("spectrum", missing)}, {}}),
                              kernel.surroundings, done, [](const Measurement&) {}),
                  Error);
  CHECK(done.size() == 1);
}

TEST_CASE("studies: findings are results, tables for people, and files that are used again") {
  const TemporaryFolder folder;
  const auto done =
      run("  - {use: split, as: parts, from: {rows: trials}}\n"
          "  - {use: embed, as: raw, from: {table: trials.spectrum}}\n");
  write_findings(folder.path(), done, "lyap: 1\n", {{"command", std::string("lyap sweep run")}});
  CHECK(read_doubles(folder / "study.h5", "parts/part") == done[0].find("part")->values);
  CHECK(read_doubles(folder / "study.h5", "raw/explained") == done[1].find("explained")->values);

  const std::string text = read_file(folder / "study.txt");
  CHECK(text.starts_with("parts: "));
  CHECK(text.find("\nraw: ") != std::string::npos);

  const auto path = folder / "raw-embedding.safetensors";
  const TensorFile kept = read_safetensors(path);
  CHECK(kept.metadata.at("lyap_analysis") == "embed");
  CHECK(kept.metadata.at("lyap_step") == "raw");
  CHECK(kept.metadata.at("lyap_pipeline") == "lyap: 1\n");
  CHECK(kept.metadata.at("format") == "embed 1");
  CHECK(kept.tensors.at("axes").shape == std::vector<std::int64_t>{2, 3});

  // Used again, the file gives the same coordinates.
  const auto again = run("  - {use: embed, as: raw, with: {axes: '" + path.string() +
                         "'}, from: {table: trials.spectrum}}\n");
  const auto &ours = again[0].find("coordinate")->values,
             &theirs = done[1].find("coordinate")->values;
  for (std::size_t i = 0; i < ours.size(); ++i)
    if (!std::isnan(ours[i])) CHECK(std::abs(ours[i] - theirs[i]) < 1e-14);
}

TEST_CASE("studies: a file named as its analysis is called as the step alone") {
  const TemporaryFolder folder;
  Measurement study;
  study.name = "ae";
  study.analysis = "aelle";
  study.notes = {{"table", "a  b\n1  2"}};
  for (const char* name : {"aelle", "more"})
    study.files[name].tensors["x"] = Tensor::of({1}, std::vector<double>{1});
  write_findings(folder.path(), {study}, "p", {});
  CHECK(std::filesystem::exists(folder / "ae.safetensors"));
  CHECK(std::filesystem::exists(folder / "ae-more.safetensors"));
  CHECK(read_file(folder / "study.txt").find("a  b\n1  2\n") != std::string::npos);
}
