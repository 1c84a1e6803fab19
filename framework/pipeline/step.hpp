// framework/pipeline/step.hpp - one step of a pipeline as it was asked for.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/mistakes.hpp"
#include "pipeline/node.hpp"

namespace lyap::framework {

/// `name: value` under `with` or `init`.
struct Option {
  std::string name;
  Node value;
  Place place;  ///< of the name
};

/// `port: source` under `from`: "spectra: trials.spectrum".
struct Connection {
  std::string port, source;
  Place port_place, place;
};

/// Which epochs are meant: `[0, 5]`, `every`, `last` or `best`.
struct Epochs {
  enum class Which { Listed, Every, Last, Best };
  Which which = Which::Last;
  std::vector<std::int64_t> listed;
  Place place;
};

/// What every step says: which plugin, under which name, with which options, fed from where.
struct Step {
  std::string use, as;
  Place place, as_place;  ///< of the plugin's id and of the name
  std::vector<Option> with;
  std::vector<Connection> from;
  std::optional<Epochs> at;  ///< of a measure: the epochs it looks at
};

class Fields;

/// `lstm` spelt out as `{use: lstm}`; anything but a bare word as it is.
Node spell_out(const Node& step);

/// Fills in `use` and `with`, which every step has.
void read_use(const Node& node, Fields& fields, Step& step, Mistakes& mistakes);

/// Fills in `as`, which is `use` when nothing is said, and `from`, which named steps have.
void read_name_and_sources(Fields& fields, Step& step, Mistakes& mistakes);

/// The entries of a map of values, such as `with` and `init`; none when it is absent.
std::vector<Option> read_options(const Node* map, const std::string& name, Mistakes& mistakes);

/// The epochs that a value names, or nothing and a mistake.
std::optional<Epochs> read_epochs(const Node& node, const std::string& name, Mistakes& mistakes);

}  // namespace lyap::framework
