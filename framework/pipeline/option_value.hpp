// framework/pipeline/option_value.hpp - what stands under `with`, checked against what the plugin
// declares, every mistake with its place.
#pragma once
#include <lyap/abi.h>

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "pipeline/mistakes.hpp"
#include "pipeline/step.hpp"
#include "plugin/option_words.hpp"

namespace lyap::framework {

/// Whom options belong to.
struct Owner {
  std::string kind, id;  ///< "cell", "lstm"
  Place place;           ///< where the plugin is asked for: a missing option is told there
};

/// All options of a plugin in the order it declares them, defaults filled in. The declarations must
/// outlive it, as those of a loaded library do.
class OptionValues {
 public:
  OptionValues() = default;
  OptionValues(std::span<const lyap_option> declared, std::shared_ptr<const CreateValues> values)
      : declared_(declared), values_(std::move(values)) {}

  /// What the plugin's create is given; good for as long as this or a copy of it lives.
  std::span<const lyap_value> values() const;

  /// {"units": 64, "rate": 0.001, "bias": true}; infinity, which JSON has not, as "inf" or "-inf".
  nlohmann::ordered_json json() const;

 private:
  std::span<const lyap_option> declared_;
  std::shared_ptr<const CreateValues> values_;
};

/// The options that are given and the defaults of the others. A mistake each for an unknown option,
/// one given twice, a required one that is missing, a value of the wrong type, out of range or not
/// among the choices; there are no values then. A relative path becomes absolute from the folder of
/// the file that says it; from the current one when it comes from the command line.
OptionValues check_options(const Owner& owner, std::span<const lyap_option> declared,
                           const std::vector<Option>& given, Mistakes& mistakes);

}  // namespace lyap::framework
