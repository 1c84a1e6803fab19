// framework/report/found.cpp - what the folder of a run or of a sweep holds, read back.
#include "report/found.hpp"

#include <algorithm>
#include <sstream>

#include "base/error.hpp"
#include "base/file.hpp"
#include "data/hdf5_contents.hpp"
#include "data/hdf5_read.hpp"
#include "pipeline/pipeline.hpp"
#include "run/notes_file.hpp"
#include "run/row.hpp"

namespace lyap::framework {
namespace fs = std::filesystem;
namespace {

/// A field of more numbers than a report can show is not read.
constexpr std::int64_t most_numbers = 4'000'000;

MeasuredArray array_of(const fs::path& file, const ArrayEntry& stored) {
  MeasuredArray array;
  array.port = stored.name;
  array.group = stored.group;
  array.shape = stored.shape;
  array.quantity.name = stored.name;
  for (const std::string& axis : stored.axes) {
    // Axes that would clash were renamed after their array.
    const std::string ending = "_" + stored.name;
    array.quantity.axes.push_back(
        axis.ends_with(ending) ? axis.substr(0, axis.size() - ending.size()) : axis);
  }
  for (const auto& [key, text] : stored.texts)
    if (key == "units")
      array.quantity.unit = text;
    else if (key == "long_name")
      array.doc = text;
    else
      array.notes.emplace_back(key, text);
  array.values = read_doubles(file, stored.path());
  return array;
}

std::int64_t size_of(const ArrayEntry& stored) {
  std::int64_t size = 1;
  for (const std::int64_t extent : stored.shape) size *= extent;
  return size;
}

Json json_file(const fs::path& path) {
  return fs::exists(path) ? Json::parse(read_file(path), nullptr, false) : Json();
}

class Reading {
 public:
  explicit Reading(const fs::path& folder) {
    found_.folder = folder;
    found_.many = fs::exists(folder / "sweep.json");
    if (!found_.many && !fs::exists(folder / "run.json"))
      throw InputError("'" + folder.string() +
                       "' is neither the folder of a run nor that of a sweep: it has no run.json "
                       "and no sweep.json");
  }

  Found read() {
    found_.run = json_file(found_.folder / (found_.many ? "sweep.json" : "run.json"));
    if (!found_.run.is_object()) found_.run = Json::object();
    read_pipeline_file();
    attempt("notes.json", [&](const fs::path& path) { found_.said = read_notes(path); });
    if (found_.many)
      read_sweep();
    else
      read_run();
    for (ResultGroup& group : found_.groups) put_in_order(group);
    const std::vector<std::string> steps = steps_in_order();
    const auto place = [&](const ResultGroup& group) {
      return std::find(steps.begin(), steps.end(), group.name) - steps.begin();
    };
    std::stable_sort(found_.groups.begin(), found_.groups.end(),
                     [&](const auto& a, const auto& b) { return place(a) < place(b); });
    return std::move(found_);
  }

 private:
  void attempt(const std::string& name, auto&& read) {
    const fs::path path = found_.folder / name;
    if (!fs::exists(path)) return;
    try {
      read(path);
    } catch (const std::exception& e) {
      found_.problems.emplace_back(name, e.what());
    }
  }

  void read_pipeline_file() {
    attempt("pipeline.yaml", [&](const fs::path& path) {
      Mistakes mistakes;
      found_.pipeline =
          read_tree(path, found_.run.value("presets", std::vector<std::string>{}),
                    found_.run.value("overrides", std::vector<std::string>{}), mistakes);
    });
    const auto text = [&](const char* key) {
      const Node* node = found_.pipeline.find(key);
      return node && node->is(Node::Kind::Scalar) ? node->text : "";
    };
    found_.name = text("name");
    found_.about = text("about");
    if (found_.name.empty()) found_.name = found_.folder.filename().string();
  }

  void read_run() {
    found_.resolved = json_file(found_.folder / "resolved.json");
    attempt("spectra.h5", [&](const fs::path& path) { add_arrays(path); });
    attempt("metrics.jsonl", [&](const fs::path& path) {
      std::istringstream lines(read_file(path));
      for (std::string line; std::getline(lines, line);)
        if (Json row = Json::parse(line, nullptr, false); row.is_object())
          found_.metrics.push_back(std::move(row));
    });
    attempt("row.safetensors", [&](const fs::path& path) {
      found_.table = table_of({found_.folder.filename().string()}, {read_row(path)});
    });
    attempt("fields", [&](const fs::path& folder) { add_fields(folder); });
  }

  void read_sweep() {
    attempt("trials.h5", [&](const fs::path& path) { read_table(path); });
    attempt("study.h5", [&](const fs::path& path) { add_arrays(path); });
    for (ResultGroup& group : found_.groups) number_checkpoints(group);
    for (const std::string& id : found_.table.ids) {
      found_.resolved = json_file(found_.folder / "points" / id / "resolved.json");
      if (found_.resolved.is_object()) break;
    }
  }

  /// Measures and studies as the pipeline has them.
  std::vector<std::string> steps_in_order() const {
    std::vector<std::string> names;
    for (const char* kind : {"measure", "study"})
      if (found_.resolved.is_object() && found_.resolved.contains(kind))
        for (const Json& step : found_.resolved[kind]) names.push_back(step.value("as", ""));
    for (const Measurement& said : found_.said) names.push_back(said.name);
    return names;
  }

  /// Studies keep the checkpoints of the columns they were given, but not their epochs: those of
  /// the columns with as many checkpoints, when they agree.
  void number_checkpoints(ResultGroup& group) const {
    std::int64_t checkpoints = 0;
    for (const MeasuredArray& array : group.arrays) {
      const std::int64_t extent = extent_of(array, "checkpoint");
      if (extent > 0 && checkpoints > 0 && extent != checkpoints) return;
      checkpoints = std::max(checkpoints, extent);
    }
    const std::string* epochs = nullptr;
    for (const MeasuredArray& column : found_.table.columns) {
      const std::string* text = column.note("epochs");
      if (!text || extent_of(column, "checkpoint") != checkpoints) continue;
      if (epochs && *epochs != *text) return;
      epochs = text;
    }
    if (!epochs || group.find("checkpoint")) return;
    MeasuredArray& made = group.arrays.emplace_back();
    made.port = "checkpoint";
    made.quantity = Quantity::parse("checkpoint[checkpoint]");
    made.shape = {checkpoints};
    std::istringstream stream(*epochs);
    for (double epoch; stream >> epoch;) made.values.push_back(epoch);
  }

  void read_table(const fs::path& path) {
    for (const ArrayEntry& stored : contents_of(path)) {
      if (stored.name == "point" && !stored.numbers)
        found_.table.ids = read_texts(path, "point");
      else if (stored.numbers && !stored.axes.empty() && stored.axes[0] == "network")
        found_.table.columns.push_back(array_of(path, stored));
    }
    // As they are recorded, not by name.
    const Node* trials = found_.pipeline.find("trials");
    const Node* record = trials ? trials->find("record") : nullptr;
    if (!record) return;
    const auto place = [&](const MeasuredArray& column) {
      std::size_t at = 0;
      while (at < record->children.size() && record->children[at].key != column.port) ++at;
      return at;
    };
    std::stable_sort(found_.table.columns.begin(), found_.table.columns.end(),
                     [&](const auto& a, const auto& b) { return place(a) < place(b); });
  }

  ResultGroup& group(const std::string& name) {
    for (ResultGroup& group : found_.groups)
      if (group.name == name) return group;
    ResultGroup& made = found_.groups.emplace_back();
    made.name = name;
    for (const Measurement& said : found_.said)
      if (said.name == name) {
        made.analysis = said.analysis;
        made.notes = said.notes;
      }
    return made;
  }

  void add_arrays(const fs::path& path) {
    for (const ArrayEntry& stored : contents_of(path))
      if (stored.numbers && !stored.group.empty() && size_of(stored) <= most_numbers)
        group(stored.group).arrays.push_back(array_of(path, stored));
  }

  /// fields/local_epoch-0002.h5: the last checkpoint of every measure.
  void add_fields(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.path().extension() == ".h5") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files)
      for (const ArrayEntry& stored : contents_of(file)) {
        if (!stored.numbers || stored.group.empty() || size_of(stored) > most_numbers) continue;
        MeasuredArray array = array_of(file, stored);
        array.field = file;
        ResultGroup& into = group(stored.group);
        std::erase_if(into.arrays, [&](const auto& known) { return known.port == array.port; });
        into.arrays.push_back(std::move(array));
      }
  }

  /// In the order in which the analysis gave its results, which the files do not keep.
  void put_in_order(ResultGroup& group) const {
    std::vector<std::string> order;
    for (const Measurement& said : found_.said)
      if (said.name == group.name)
        for (const MeasuredArray& array : said.arrays)
          if (std::find(order.begin(), order.end(), array.port) == order.end())
            order.push_back(array.port);
    const auto place = [&](const MeasuredArray& array) {
      return std::find(order.begin(), order.end(), array.port) - order.begin();
    };
    std::stable_sort(group.arrays.begin(), group.arrays.end(),
                     [&](const auto& a, const auto& b) { return place(a) < place(b); });
  }

  Found found_;
};

}  // namespace

const ResultGroup* Found::group(const std::string& wanted) const {
  for (const ResultGroup& group : groups)
    if (group.name == wanted) return &group;
  return nullptr;
}

Found read_found(const fs::path& folder) {
  return Reading(folder).read();
}

}  // namespace lyap::framework
