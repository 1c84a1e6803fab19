// plugins/trainers/force/sequence.hpp - the steps of a sequence: their targets, and how they end
// before their time.
#pragma once
#include <lyap/lyap.hpp>
#include <string>

namespace lyap::force {

/// Targets (outputs x steps) of a sequence, counted on from the beginning at the end.
inline Matrix targets(const Data& data, Split split, Index number) {
  const std::int64_t which = number % data.count(split);
  Matrix nothing(0, 0), target(data.shape().targets, data.shape().steps);
  data.fetch({split, {&which, 1}}, nothing, target);
  return target;
}

/// `step`, and if it gives numbers that are not finite, when.
template <class Step>
void telling_where(const char* what, Index t, Index epoch, const Step& step) {
  try {
    step();
  } catch (const PluginError& e) {
    if (e.code() != LYAP_NOT_FINITE) throw;
    const std::string cause = e.what();
    throw NotFinite(std::string(what) + " diverged in step " + std::to_string(t + 1) +
                    " of epoch " + std::to_string(epoch) + " (" + cause.substr(0, cause.find(';')) +
                    "); raise `alpha` or `every`");
  }
}

}  // namespace lyap::force
