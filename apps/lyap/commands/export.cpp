// apps/lyap/commands/export.cpp - `lyap export`: weights and results for other programs.
#include <fmt/format.h>

#include <iostream>

#include "base/error.hpp"
#include "command.hpp"
#include "data/arrays_csv.hpp"
#include "data/hdf5_arrays.hpp"
#include "data/npz.hpp"
#include "data/safetensors.hpp"
#include "data/torch_file.hpp"
#include "run/run_directory.hpp"

namespace lyap::app {
namespace fs = std::filesystem;
namespace po = boost::program_options;
using namespace framework;

namespace {

using Tensors = std::map<std::string, Tensor>;

class Exporting {
 public:
  Exporting(const Arguments& arguments, fs::path source)
      : arguments_(arguments), source_(std::move(source)) {
    if (!fs::exists(source_))
      throw InputError(
          fmt::format("there is no '{}'; give the folder of a run or sweep, or a file of one",
                      source_.string()));
  }

  void to_pytorch() const {
    const fs::path target = out(".pt");
    write_torch(target, for_pytorch(read_safetensors(weights()).tensors));
    tell(target);
  }

  void to_npz() const {
    const fs::path target = out(".npz");
    if (source_.extension() == ".safetensors")
      write_npz(target, read_safetensors(source_).tensors);
    else
      write_npz(target, results());
    tell(target);
  }

  void to_csv() const {
    if (source_.extension() == ".safetensors")
      throw InputError(
          "weights are not exported to CSV; --to npz writes them for numpy, --to pytorch for "
          "PyTorch");
    const std::vector<StoredArray> arrays = results();
    const fs::path folder = out("-csv");
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure)
      throw InputError(fmt::format("the folder '{}' cannot be made: {}; name another with --out",
                                   folder.string(), failure.message()));
    for (const StoredArray& array : arrays) {
      if (array.is_coordinate()) continue;
      const fs::path target = folder / (array.full_name() + ".csv");
      write_csv(target, array, arrays);
      tell(target);
    }
  }

 private:
  fs::path out(const std::string& ending) const {
    if (arguments_.has("out")) return arguments_.text("out");
    const fs::path whole = fs::absolute(source_).lexically_normal();
    const fs::path named = whole.has_filename() ? whole : whole.parent_path();
    return fs::is_directory(source_) ? named.filename() += ending : named.stem() += ending;
  }

  static void tell(const fs::path& written) { std::cout << written.string() << '\n'; }

  fs::path weights() const {
    if (!fs::is_directory(source_)) return source_;
    if (fs::exists(source_ / "sweep.json"))
      throw InputError(
          fmt::format("'{0}' is a sweep; give one of its points, {0}/points/ID", source_.string()));
    const RunDirectory run = RunDirectory::open(source_);
    const fs::path file =
        arguments_.has("epoch") ? run.checkpoint(arguments_.integer("epoch")) : run.final();
    if (!fs::exists(file))
      throw InputError(fmt::format(
          "there is no '{}'; `checkpoints` of the pipeline says at which epochs weights are kept",
          file.string()));
    return file;
  }

  std::vector<StoredArray> results() const {
    if (!fs::is_directory(source_)) return read_arrays(source_);
    std::vector<StoredArray> arrays;
    for (const char* name : {"spectra.h5", "trials.h5", "study.h5"})
      if (fs::exists(source_ / name))
        for (StoredArray& array : read_arrays(source_ / name)) arrays.push_back(std::move(array));
    if (arrays.empty())
      throw InputError(fmt::format(
          "'{}' has no spectra.h5, trials.h5 or study.h5: it is no run or sweep, or not yet done",
          source_.string()));
    return arrays;
  }

  /// PyTorch's modules have two bias vectors or none: the second one is zero where we have one.
  static Tensors for_pytorch(Tensors tensors) {
    std::erase_if(tensors, [](const auto& entry) { return entry.first.starts_with("carried."); });
    Tensors added;
    for (const auto& [name, tensor] : tensors) {
      const std::size_t at = name.find("bias_ih");
      if (at == name.npos) continue;
      std::string other = name;
      other.replace(at, 7, "bias_hh");
      if (!tensors.contains(other))
        added[other] = {tensor.dtype, tensor.shape, std::vector<std::byte>(tensor.bytes.size())};
    }
    tensors.merge(added);
    return tensors;
  }

  const Arguments& arguments_;
  const fs::path source_;
};

}  // namespace

int export_command(const Words& words, Common common) {
  Arguments arguments(
      "export SOURCE --to pytorch|npz|csv [options]",
      "Writes what a run or sweep holds in a form that other programs read at once.\n"
      "pytorch: the weights as a state_dict for torch.load, with the names of the checkpoint\n"
      "         (cell.weight_ih_l0, readout.weight): those that training ended with, or --epoch.\n"
      "npz:     every array of the results (or of a .safetensors file) for numpy.load.\n"
      "csv:     a folder with a file for every array, a line for every number: pandas, R.\n"
      "SOURCE is the folder of a run or sweep, or one file of it: .h5 or .safetensors. Exponents\n"
      "are in nats per step.");
  arguments.add()  //
      ("source", po::value<std::string>()->value_name("SOURCE"),
       "the folder of a run or of a sweep, or a file of it")                       //
      ("to", po::value<std::string>()->value_name("FORM"), "pytorch, npz or csv")  //
      ("epoch", po::value<std::int64_t>()->value_name("N"),
       "the weights after this epoch instead of those that training ended with (pytorch)")  //
      ("out,o", po::value<std::string>()->value_name("PATH"),
       "the file, or for csv the folder, to write (default: named after SOURCE, here)");
  arguments.positional("source");
  arguments.example(
      "lyap export runs/2026-11-22T05-42-45_quickstart_2feb96 --to pytorch -o net.pt");
  arguments.example("lyap export runs/aelle-smnist-desk --to csv");
  arguments.example("lyap export spectra.h5 --to npz");
  if (!arguments.read(words, common)) return 0;
  const std::string source =
      arguments.required("source", "the folder of a run or sweep, or a file of it");
  const std::string form = arguments.has("to") ? arguments.text("to") : "";
  if (form != "pytorch" && form != "npz" && form != "csv")
    arguments.refuse(form.empty() ? "--to is needed: pytorch, npz or csv"
                                  : "--to takes pytorch, npz or csv, not '" + form + "'");
  if (arguments.has("epoch") && form != "pytorch")
    arguments.refuse("--epoch goes with --to pytorch; results of all epochs are exported");
  const Exporting exporting(arguments, source);
  if (form == "pytorch")
    exporting.to_pytorch();
  else if (form == "npz")
    exporting.to_npz();
  else
    exporting.to_csv();
  return 0;
}

}  // namespace lyap::app
