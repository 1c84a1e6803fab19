// tests/bench/planned.hpp - a pipeline that is written in a few lines of a benchmark, made ready.
#pragma once
#include <memory>
#include <string>

#include "pipeline/read_yaml.hpp"
#include "run/run.hpp"

namespace lyap::bench {

inline framework::Plan planned(const std::string& pipeline, const framework::Catalog& catalog) {
  using namespace framework;
  const auto source = std::make_shared<Source>(Source{"bench", pipeline, ""});
  return resolve(parse(parse_yaml(source), "bench"), catalog);
}

/// A plan and its network; both stay where they are as long as this does.
class PlannedTrial {
 public:
  PlannedTrial(const std::string& pipeline, const framework::Catalog& catalog,
               const framework::Surroundings& surroundings)
      : plan_(planned(pipeline, catalog)), trial_(plan_, surroundings) {}
  PlannedTrial(const PlannedTrial&) = delete;
  PlannedTrial& operator=(const PlannedTrial&) = delete;

  const framework::Trial& trial() const { return trial_; }

 private:
  framework::Plan plan_;
  framework::Trial trial_;
};

}  // namespace lyap::bench
