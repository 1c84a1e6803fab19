// framework/pipeline/fields.hpp - the keys of one map of a pipeline file, asked for one by one.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/mistakes.hpp"
#include "pipeline/node.hpp"
#include "pipeline/typed.hpp"

namespace lyap::framework {

/// Reads a map. The keys that are asked for are the keys that may be there, so that nothing has to
/// be listed twice; a key without a value counts as absent.
class Fields {
 public:
  /// `what` is how sentences call the map: "the pipeline", "'cell'".
  Fields(const Node& map, std::string what, Mistakes& mistakes);

  /// The value of a key, or null.
  const Node* take(const std::string& key);
  /// As take, and a mistake when it is absent; `remedy` completes "add ...".
  const Node* require(const std::string& key, const std::string& remedy);

  /// Typed values; the fallback when the key is absent or its value is a mistake.
  std::string text(const std::string& key, const std::string& fallback);
  std::string choice(const std::string& key, const std::vector<std::string>& choices,
                     const std::string& fallback);
  std::int64_t integer(const std::string& key, const Range& range, std::int64_t fallback);
  double real(const std::string& key, const Range& range, double fallback);
  bool boolean(const std::string& key, bool fallback);

  /// Adds a mistake for each key that nobody has asked for. Called when all have been.
  void finish();

 private:
  const Node& map_;
  std::string what_;
  Mistakes& mistakes_;
  std::vector<std::string> known_;
};

}  // namespace lyap::framework
