// framework/plugin/check_cell_buffers.cpp - conformance of what a cell does to the buffers it is
// lent.
#include "base/text.hpp"
#include "plugin/rehearsal.hpp"

namespace lyap::framework::checks {
namespace {

constexpr Index batch = 3, steps = 3;
constexpr Layout dense{};
constexpr Layout awkward{5, 1};  // no address is a multiple of two elements, no stride of eight

void require_none(const std::vector<std::string>& names, const char* sentence) {
  if (!names.empty()) throw CheckFailed{fmt::format("{}: {}", sentence, join(names))};
}

// Largest difference between the results of two rehearsals.
template <Real T>
double compare_all(const Rehearsal<T>& a, const Rehearsal<T>& b, double tolerance) {
  double worst = 0;
  for (std::size_t i = 0; i < a.results.size(); ++i)
    worst = std::max(
        worst, compare(a.results[i].name, a.results[i].values, b.results[i].values, tolerance));
  return worst;
}

template <Real T>
Rehearsal<T> rehearsal_of(const MadeCell& cell, Layout layout, Arguments arguments) {
  return rehearse(cell, setting_for<T>(cell, batch, steps), layout, arguments);
}

// For tests that compare nothing.
template <class Test>
std::string without_note(Test test) {
  in_both_precisions([&](auto zero) {
    test(zero);
    return 0.0;
  });
  return "";
}

}  // namespace

std::string inputs_untouched(const CheckSubject& subject) {
  const MadeCell cell(subject);
  return without_note([&](auto zero) {
    const auto outcome = rehearsal_of<decltype(zero)>(cell, dense, Arguments::Kept);
    require_none(outcome.changed, "it changes what it is to read");
  });
}

std::string unaligned_buffers(const CheckSubject& subject) {
  const MadeCell cell(subject);
  return in_both_precisions([&](auto zero) {
    using T = decltype(zero);
    return compare_all(rehearsal_of<T>(cell, dense, Arguments::Kept),
                       rehearsal_of<T>(cell, awkward, Arguments::Kept), rounding<T>);
  });
}

std::string stays_inside_buffers(const CheckSubject& subject) {
  const MadeCell cell(subject);
  return without_note([&](auto zero) {
    const auto outcome = rehearsal_of<decltype(zero)>(cell, awkward, Arguments::Kept);
    require_none(outcome.overrun, "it writes beside its results");
    require_none(outcome.unwritten, "it does not overwrite all of its results");
  });
}

std::string forgets_arguments(const CheckSubject& subject) {
  const MadeCell cell(subject);
  return in_both_precisions([&](auto zero) {
    using T = decltype(zero);
    return compare_all(rehearsal_of<T>(cell, dense, Arguments::Kept),
                       rehearsal_of<T>(cell, dense, Arguments::SpoiltAfterCalls), rounding<T>);
  });
}

}  // namespace lyap::framework::checks
