// tests/framework/pipeline/swept.hpp - sweeps out of texts.
#pragma once
#include <string>
#include <vector>

#include "pipeline/pipeline.hpp"
#include "pipeline/sweep.hpp"
#include "said.hpp"

namespace lyap::framework {

/// "p.yaml:line:col: sentence" of each mistake, a line each.
inline std::string lines(const Mistakes& mistakes) {
  std::string text;
  for (const Mistake& m : mistakes.list()) text += to_string(m.place) + ": " + m.sentence + "\n";
  return text;
}

/// The sweep whose variables the text is; one that cannot be read throws.
inline Sweep swept(const std::string& variables, const std::string& sampling = "~",
                   std::uint64_t seed = 1) {
  Mistakes mistakes;
  Sweep sweep = Sweep::read(yaml(variables), yaml(sampling), seed, mistakes);
  mistakes.throw_if_any();
  return sweep;
}

/// The first network of a file: its tree with presets applied and variables put in.
inline Pipeline first_network(const std::filesystem::path& file,
                              const std::vector<std::string>& presets = {}) {
  Mistakes mistakes;
  Node tree = read_tree(file, presets, {}, mistakes);
  const Node none, *variables = tree.find("trials")->find("sweep");
  const Sweep sweep = Sweep::read(variables ? *variables : none, none, 1, mistakes);
  substitute(tree, sweep.point(0), mistakes);
  Pipeline pipeline = read_pipeline(tree, file, mistakes);
  mistakes.throw_if_any();
  return pipeline;
}

/// What is said of it.
inline std::string refused(const std::string& variables, const std::string& sampling = "~") {
  Mistakes mistakes;
  Sweep::read(yaml(variables), yaml(sampling), 1, mistakes);
  return lines(mistakes);
}

/// The values of a variable at all points.
inline std::vector<std::string> values_of(const Sweep& sweep, const std::string& name) {
  std::vector<std::string> values;
  for (std::int64_t i = 0; i < sweep.size(); ++i) values.push_back(*sweep.point(i).value(name));
  return values;
}

inline std::vector<double> numbers_of(const Sweep& sweep, const std::string& name) {
  std::vector<double> numbers;
  for (const std::string& value : values_of(sweep, name)) numbers.push_back(std::stod(value));
  return numbers;
}

}  // namespace lyap::framework
