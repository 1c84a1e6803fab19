// apps/lyap/read_catalogue.hpp - data/catalogue.yaml as data sets.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "data/catalogue.hpp"

namespace lyap::app {

class Catalogue {
 public:
  /// InputError: the file is missing; MistakesError: all that is wrong in it.
  explicit Catalogue(const std::filesystem::path& file);

  const std::vector<framework::DataSet>& sets() const { return sets_; }
  /// InputError when there is no such data set; the sentence names those that there are.
  const framework::DataSet& find(const std::string& name) const;

 private:
  std::filesystem::path file_;
  std::vector<framework::DataSet> sets_;
};

/// The catalogue that came with this program.
std::filesystem::path installed_catalogue();

}  // namespace lyap::app
