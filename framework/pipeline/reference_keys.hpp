// framework/pipeline/reference_keys.hpp - the keys of a pipeline file in words. A test compares
// them with the keys that are read.
#pragma once
#include <span>

namespace lyap::framework {

/// `map` as mistakes call it: "the pipeline", "'cell'".
struct ReferenceKey {
  const char *key, *takes, *fallback, *meaning;
};
struct ReferenceMap {
  const char *map, *place;
  std::span<const ReferenceKey> keys;
};

std::span<const ReferenceMap> reference_maps();

}  // namespace lyap::framework
