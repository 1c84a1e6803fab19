// lyap/plugin.hpp - turns C++ classes into the tables of abi.h. One line at the end of a plugin:
//   LYAP_PLUGINS(MyCell, MyOtherCell)
#pragma once
#include <array>
#include <type_traits>

#include "lyap/analysis.hpp"
#include "lyap/cell_table.hpp"
#include "lyap/identity.hpp"
#include "lyap/options.hpp"
#include "lyap/task_table.hpp"
#include "lyap/trainer.hpp"

namespace lyap {

/// Names a plugin: `static constexpr lyap::About about{id, version, summary, reference};`
/// `reference` says where its equations stand.
struct About {
  const char *id, *version, *summary, *reference;
};

namespace border {

/// Kind and table of a plugin class.
template <class C>
constexpr std::pair<int, const void*> table_of() {
  if constexpr (IsCell<C>)
    return {LYAP_CELL, &CellTable<C>::ops};
  else if constexpr (IsTask<C>)
    return {LYAP_TASK, &TaskTable<C>::ops};
  else if constexpr (IsTrainer<C>)
    return {LYAP_TRAINER, &TrainerTable<C>::ops};
  else if constexpr (IsAnalysis<C>)
    return {LYAP_ANALYSIS, &AnalysisTable<C>::ops};
  else
    static_assert(!sizeof(C),
                  "LYAP_PLUGINS: a plugin class derives from lyap::AutoCell, lyap::ByHand, "
                  "lyap::Task, lyap::Trainer or lyap::Analysis");
}

template <class C>
concept NamesItself = requires {
  { C::about } -> std::convertible_to<const About&>;
};

template <class C>
const lyap_plugin* plugin_of() {
  static_assert(NamesItself<C>,
                "LYAP_PLUGINS: a plugin class names itself with "
                "static constexpr lyap::About about{id, version, summary, reference}");
  static_assert(
      requires(Options & o) { C::options(o); },
      "LYAP_PLUGINS: a plugin class declares its options in static void options(lyap::Options&)");
  static const Options options = [] {
    Options o;
    C::options(o);
    return o;
  }();
  static const Ports ports = [] {
    Ports p;
    if constexpr (IsAnalysis<C>) C::ports(p);
    return p;
  }();
  constexpr auto table = table_of<C>();
  static const lyap_plugin plugin{sizeof(lyap_plugin),
                                  table.first,
                                  C::about.id,
                                  C::about.version,
                                  C::about.summary,
                                  C::about.reference,
                                  options.list().data(),
                                  ports.list().data(),
                                  static_cast<std::uint32_t>(options.list().size()),
                                  static_cast<std::uint32_t>(ports.list().size()),
                                  table.second};
  return &plugin;
}

template <class... C>
const lyap_plugin* pick(std::uint32_t index) {
  constexpr std::array<const lyap_plugin* (*)(), sizeof...(C)> all{plugin_of<C>...};
  return index < all.size() ? all[index]() : nullptr;
}

template <class... C>
inline constexpr std::uint32_t count_of = sizeof...(C);

}  // namespace border
}  // namespace lyap

/// Both constants are constant-initialised data: opening the library runs nothing of it.
#define LYAP_PLUGINS(...)                                                                          \
  extern "C" {                                                                                     \
  __attribute__((used,                                                                             \
                 section(LYAP_LIBRARY_SECTION))) static constexpr lyap_identity lyap_identity_v1 = \
      ::lyap::border::identity();                                                                  \
  __attribute__((visibility("default"))) extern const lyap_library lyap_library_v1;                \
  const lyap_library lyap_library_v1{::lyap::border::identity(),                                   \
                                     ::lyap::border::count_of<__VA_ARGS__>, 0,                     \
                                     ::lyap::border::pick<__VA_ARGS__>};                           \
  }
