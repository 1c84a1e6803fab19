// tests/must_not_compile/no_plugin.cpp - a class that is no plugin at all.
// must say: LYAP_PLUGINS: a plugin class derives from lyap::AutoCell, lyap::ByHand
#include <lyap/lyap.hpp>

struct Anything {
  static constexpr lyap::About about{"anything", "1.0.0", "", ""};
  static void options(lyap::Options&) {}
};

LYAP_PLUGINS(Anything)
