// tests/framework/data/data_environment.hpp - where data sets are looked for, as a test wants it.
#pragma once
#include <stdlib.h>

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace lyap::testing {

/// The variables as given for as long as this lives; null means not set.
class DataEnvironment {
 public:
  DataEnvironment(const char* data, const char* cache, const char* home) {
    set("LYAP_DATA", data);
    set("XDG_CACHE_HOME", cache);
    set("HOME", home);
  }
  ~DataEnvironment() {
    for (const auto& [name, value] : before_)
      value.first ? ::setenv(name.c_str(), value.second.c_str(), 1) : ::unsetenv(name.c_str());
  }

 private:
  void set(const char* name, const char* value) {
    const char* const old = std::getenv(name);
    before_.push_back({name, {old != nullptr, old ? old : ""}});
    value ? ::setenv(name, value, 1) : ::unsetenv(name);
  }
  std::vector<std::pair<std::string, std::pair<bool, std::string>>> before_;
};

}  // namespace lyap::testing
