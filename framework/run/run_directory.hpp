// framework/run/run_directory.hpp - the folder of one run: what was asked, what came out.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lyap::framework {

/// runs/2026-11-22T01-30-00_lstm-charrnn_1f3a9c/ with pipeline.yaml, resolved.json, run.json,
/// metrics.jsonl, checkpoints/, spectra.h5, fields/ (large results), pictures/ and log.txt. Every
/// file but the two that grow (metrics, log) appears complete or not at all; run.json says
/// "running" until the end.
class RunDirectory {
 public:
  /// Creates <parent>/<time>_<name>_<id>; a further number is added when the name is taken.
  /// InputError: the parent cannot be made or written.
  static RunDirectory create(const std::filesystem::path& parent, const std::string& name,
                             const std::string& id);
  /// The folder itself, made when it is not there.
  static RunDirectory at(const std::filesystem::path& folder);
  /// An existing run, to be continued. InputError: not the folder of a run.
  static RunDirectory open(const std::filesystem::path& folder);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path file(const std::string& name) const { return path_ / name; }
  /// checkpoints/epoch-0003.safetensors
  std::filesystem::path checkpoint(std::int64_t epoch) const;
  /// checkpoints/latest.safetensors: all a resumed run needs.
  std::filesystem::path latest() const { return path_ / "checkpoints" / "latest.safetensors"; }

  /// checkpoints/final.safetensors: the network as training left it, once training is over.
  std::filesystem::path final() const { return path_ / "checkpoints" / "final.safetensors"; }
  /// fields/ftle_epoch-0003.h5: large results of one measure at one checkpoint.
  std::filesystem::path field(const std::string& measure, const std::string& checkpoint) const;
  /// pictures/flips_epoch-0003_images.png
  std::filesystem::path picture(const std::string& measure, const std::string& checkpoint,
                                const std::string& result) const;

  /// Removes what a killed run left half-written, which only its temporary name tells.
  void remove_leftovers() const;
  /// Replaces a file of the run in one step.
  void write(const std::string& name, const std::string& bytes) const;
  /// Adds one line to a growing file and hands it to the system at once.
  void append(const std::string& name, const std::string& line) const;
  /// Keeps the first `lines` whole lines of a growing file: a torn last line and what came after a
  /// checkpoint go.
  void keep_lines(const std::string& name, std::size_t lines) const;

 private:
  explicit RunDirectory(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

/// Time of day as in folder names: 2026-11-22T01-30-00, UTC.
std::string time_stamp();

}  // namespace lyap::framework
