// framework/sweep/points.cpp - every point of a sweep with its stable id and its plan.
#include "sweep/points.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "pipeline/write_yaml.hpp"

namespace lyap::framework {
namespace {

/// Seeds of the file; the mistake of one that is no number is told when a point is read.
std::uint64_t base_seed(const Node& tree) {
  const Node* seed = tree.find("seed");
  const auto number = seed ? parse_integer(seed->text) : std::nullopt;
  return number && *number >= 0 ? static_cast<std::uint64_t>(*number) : 1;
}

bool names_a_variable(const Node* seed) {
  return seed && seed->text.find('$') != std::string::npos;
}

/// The configuration of one network: not what it is called, nor what is done with all of them, nor
/// in which order the file gives the keys of its maps.
std::string id_of(const Plan& plan) {
  nlohmann::json json = resolved(plan);
  for (const char* key : {"name", "about", "variables", "study"}) json.erase(key);
  Sha256 hash;
  hash.add(json.dump());
  return hash.hexadecimal().substr(0, 12);
}

Sweep read_sweep(const Node& tree, Mistakes& mistakes) {
  const Node nothing;
  const Node* trials = tree.find("trials");
  const Node* sweep = trials ? trials->find("sweep") : nullptr;
  const Node* sampling = trials ? trials->find("sampling") : nullptr;
  return Sweep::read(sweep ? *sweep : nothing, sampling ? *sampling : nothing, base_seed(tree),
                     mistakes);
}

}  // namespace

PlannedSweep::PlannedSweep(Node tree, std::filesystem::path file, Mistakes mistakes)
    : tree_(std::move(tree)), file_(std::move(file)), sweep_(read_sweep(tree_, mistakes)) {
  mistakes.throw_if_any();
  refuse_unused(tree_, sweep_, mistakes_);
  asked_ = pipeline(0, mistakes_);
}

void PlannedSweep::take_points(std::vector<PlannedPoint> points) {
  mistakes_.throw_if_any();
  points_ = std::move(points);
}

std::uint64_t PlannedSweep::seed() const {
  return base_seed(tree_);
}

Node PlannedSweep::tree_of(std::int64_t index, Mistakes& mistakes) const {
  Node tree = tree_;
  substitute(tree, sweep_.point(index), mistakes);
  return tree;
}

Pipeline PlannedSweep::pipeline(std::int64_t index, Mistakes& mistakes) const {
  const Point point = sweep_.point(index);
  Pipeline pipeline = read_pipeline(tree_of(index, mistakes), file_, mistakes);
  if (!point.values.empty() && !names_a_variable(tree_.find("seed")))
    pipeline.seed = sweep_.seed(point);
  pipeline.variables = point.values;
  return pipeline;
}

Plan PlannedSweep::plan(std::int64_t index, const Catalog& catalog) const {
  if (index == 0) return resolve(asked_, catalog, mistakes_);
  Mistakes mistakes;
  Pipeline asked = pipeline(index, mistakes);
  // What is done with all of them is checked with the first.
  asked.study.clear();
  asked.report = {};
  return resolve(asked, catalog, std::move(mistakes));
}

void PlannedSweep::resolve_points(const Catalog& catalog) {
  std::map<std::string, std::int64_t> first_with;
  for (std::int64_t index = 0; index < size(); ++index) {
    const Point point = sweep_.point(index);
    try {
      const Plan planned = plan(index, catalog);
      std::string id = id_of(planned);
      const auto [same, added] = first_with.try_emplace(id, index);
      if (!added)
        throw InputError(fmt::format(
            "{}: points {} and {} of the sweep are the same network ({}); take one out, or add a "
            "variable such as 'network: {{count: 2}}' to draw several",
            file_.string(), same->second, index, point.text()));
      points_.push_back({std::move(id), planned.asked.seed, point});
    } catch (const MistakesError& e) {
      if (index == 0) throw;
      Mistakes here;
      for (const Mistake& m : e.mistakes().list())
        here.add(m.place, fmt::format("{} (at {})", m.sentence, point.text()), m.hint);
      throw MistakesError(here);
    }
  }
}

std::string PlannedSweep::pipeline_text(std::int64_t index) const {
  Mistakes mistakes;
  Node tree = tree_of(index, mistakes);
  std::erase_if(tree.children, [](const Node& child) {
    return child.key == "about" || child.key == "study" || child.key == "report" ||
           child.key == "presets" || child.key == "seed";
  });
  if (Node* trials = tree.find("trials")) {
    std::erase_if(trials->children, [](const Node& child) {
      return child.key == "sweep" || child.key == "sampling";
    });
    if (Node* record = trials->find("record"))
      std::erase_if(record->children,
                    [](const Node& column) { return column.text.starts_with('$'); });
  }
  Node seed;
  seed.kind = Node::Kind::Scalar;
  seed.key = "seed";
  seed.text = std::to_string(pipeline(index, mistakes).seed);
  tree.children.push_back(std::move(seed));
  return write_yaml(tree);
}

}  // namespace lyap::framework
