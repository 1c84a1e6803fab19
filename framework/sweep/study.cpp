// framework/sweep/study.cpp - what is done once, on the table of all networks.
#include "sweep/study.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <numeric>
#include <sstream>

#include "base/file.hpp"
#include "model/border.hpp"
#include "run/headline.hpp"
#include "run/measure.hpp"
#include "run/notes_file.hpp"
#include "run/result_store.hpp"

namespace lyap::framework {
namespace {

/// The array with the axes of the port: `seed` and `checkpoint` that it lacks have length 1.
MeasuredArray with_axes_of(const lyap_port& port, MeasuredArray array) {
  const std::vector<std::string> wanted = Quantity::parse(port.quantity).axes;
  std::vector<std::int64_t> shape;
  std::size_t at = 0;
  for (const std::string& axis : wanted) {
    const bool given = at < array.quantity.axes.size() && array.quantity.axes[at] == axis;
    shape.push_back(given ? array.shape[at++] : 1);
  }
  array.shape = std::move(shape);
  array.quantity.axes = wanted;
  return array;
}

MeasuredArray numbers_of(std::vector<double> values, const std::string& name,
                         const std::string& axis) {
  MeasuredArray array;
  array.port = array.quantity.name = name;
  array.quantity.axes = {axis};
  array.shape = {static_cast<std::int64_t>(values.size())};
  array.values = std::move(values);
  return array;
}

/// `trials`, `trials.COLUMN` or `trials.COLUMN.epoch`.
MeasuredArray from_table(const Table& table, const std::string& result) {
  if (result.empty()) {
    std::vector<double> numbers(table.ids.size());
    std::iota(numbers.begin(), numbers.end(), 0.0);
    return numbers_of(std::move(numbers), "network", "network");
  }
  const std::string name = result.substr(0, result.find('.'));
  const MeasuredArray* column = table.column(name);
  if (!column)
    throw InputError("no network has a value in column '" + name +
                     "'; results that came in pieces are too large for the table");
  if (name == result) return *column;
  std::vector<double> epochs;
  if (const std::string* text = column->note("epochs")) {
    std::istringstream numbers(*text);
    for (double epoch; numbers >> epoch;) epochs.push_back(epoch);
  }
  return numbers_of(std::move(epochs), "epoch", "checkpoint");
}

const lyap_port& port_of(const Plugin& plugin, const std::string& name) {
  for (const lyap_port& port : plugin.ports())
    if (name == port.name) return port;
  throw std::logic_error("a plan connects port '" + name + "', which is not there");
}

/// A column that no network fills as it should has other axes than planned.
void require_axes(const MeasuredArray& array, const PlannedInput& input) {
  if (array.quantity.axes.size() != array.shape.size())
    throw InputError("column '" + input.result + "' is " + array.quantity.text() +
                     " and has other axes than its networks give");
}

}  // namespace

void run_studies(const Plan& plan, const Table& table, const Surroundings& surroundings,
                 std::vector<Measurement>& studies,
                 const std::function<void(const Measurement&)>& tell) {
  for (const PlannedStudy& step : plan.studies) {
    std::map<std::string, MeasuredArray> given;
    for (const PlannedInput& input : step.inputs) {
      MeasuredArray array;
      if (input.measure == "trials") {
        array = from_table(table, input.result);
      } else {
        for (const Measurement& study : studies)
          if (study.name == input.measure)
            if (const MeasuredArray* result = study.find(input.result)) array = *result;
        if (array.port.empty()) continue;  // an optional result that was not given
      }
      require_axes(array, input);
      given[input.port] = with_axes_of(port_of(*step.plugin, input.port), std::move(array));
    }
    MeasurementRequest request{step.as, {}, {}};
    for (const auto& [port, array] : given) request.inputs[port] = &array;
    Measurement study = Analysis(*step.plugin, step.with())
                            .run(model_ops(), nullptr, nullptr, surroundings, request);
    study.checkpoint = "all networks";
    tell(study);
    studies.push_back(std::move(study));
  }
}

void write_findings(const std::filesystem::path& folder, const std::vector<Measurement>& studies,
                    const std::string& pipeline, const Attributes& of_sweep) {
  write_studies(folder / "study.h5", studies, of_sweep);
  write_notes(folder / "notes.json", studies);
  std::string text;
  for (const Measurement& study : studies) {
    text += study.name + ": " + headline(study) + "\n";
    for (const std::string& table : tables(study)) text += table + "\n";
    text += "\n";
    for (auto [name, file] : study.files) {
      file.metadata["lyap_analysis"] = study.analysis;
      file.metadata["lyap_step"] = study.name;
      file.metadata["lyap_pipeline"] = pipeline;
      const std::string own = name == study.analysis ? "" : "-" + name;
      write_safetensors(folder / (study.name + own + ".safetensors"), file);
    }
  }
  write_file_atomically(folder / "study.txt", text);
}

}  // namespace lyap::framework
