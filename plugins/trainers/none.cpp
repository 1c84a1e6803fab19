// plugins/trainers/none.cpp - trains nothing: the network stays as it was initialised or loaded.
#include <lyap/lyap.hpp>

namespace {

class None final : public lyap::Trainer {
 public:
  static constexpr lyap::About about{"none", "1.0.0", "Leaves the network as it is",
                                     "no training takes place"};
  static void options(lyap::Options&) {}
  explicit None(const lyap::Values&) {}
  void fit(lyap::Training& training, const lyap::Host&) override { training.epoch(0, {}, true); }
};

}  // namespace

LYAP_PLUGINS(None)
