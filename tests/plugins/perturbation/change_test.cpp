// tests/plugins/perturbation/change_test.cpp - what happens to a single input: flips, and vectors
// of a given length.
#include "perturbation/change.hpp"

#include <doctest/doctest.h>

#include "plugin/option_words.hpp"
#include "run/host.hpp"

using namespace lyap;
using perturbation::Change;
using perturbation::Flips;

namespace {

perturbation::Settings settings(const std::map<std::string, framework::OptionWords>& given) {
  Options options;
  perturbation::Settings::declare(options);
  const framework::CreateValues values("it", options.list(), given);
  return perturbation::Settings(
      Values(values.values().data(), static_cast<std::uint32_t>(values.values().size())));
}

/// Three inputs over five steps of the sequences with these numbers.
perturbation::Sequences sequences(std::vector<std::int64_t> which) {
  perturbation::Sequences s{std::move(which), {}, {}};
  s.inputs.resize(3, 5 * s.count());
  for (Index t = 0; t < 5; ++t)
    for (Index b = 0; b < s.count(); ++b)
      for (Index i = 0; i < 3; ++i)
        s.inputs(i, t * s.count() + b) =
            std::max(0.0, std::sin(static_cast<double>(1 + i + 3 * t + 7 * s.which[b])));
  return s;
}

struct Lent {
  framework::Surroundings surroundings;
  framework::LentHost lent{surroundings, "test"};
  Host host{lent.lent()};
};

}  // namespace

TEST_CASE("a flip takes what is above 0 to 0 and 0 to 1, and every flip is counted once") {
  Lent lent;
  const perturbation::Sequences all = sequences({0, 1});
  perturbation::Subject subject{};
  subject.steps = 5, subject.flip = true;
  const Change change(settings({}), subject, all, lent.host);
  const std::vector<Index> steps{4, 0, 2};
  for (Index s = 0; s < 2; ++s) {
    Index up = 0;
    for (const Index t : steps) {
      Vector x(3);
      change.apply(s, t, x);
      for (Index i = 0; i < 3; ++i) {
        const double before = all.inputs(i, t * 2 + s);
        CHECK(x[i] == (before > 0 ? 0 : 1));
        up += before == 0;
      }
    }
    const Flips flips = change.flips(s, steps);
    CHECK(flips.up == up);
    CHECK(flips.down == 9 - up);
  }
}

TEST_CASE("what is added has the given length, and belongs to the sequence's number and the step") {
  Lent lent;
  const perturbation::Sequences three = sequences({0, 4, 9}), one = sequences({4});
  perturbation::Subject subject{};
  subject.steps = 5;
  const auto quarter = settings({{"size", {"0.25"}}});
  const Change of_three(quarter, subject, three, lent.host),
      of_one(quarter, subject, one, lent.host);
  for (Index t = 0; t < 5; ++t) {
    Matrix added(3, 3);
    for (Index s = 0; s < 3; ++s) {
      Vector x(3);
      of_three.apply(s, t, x);
      added.col(s) = x - three.inputs.col(t * 3 + s);
      CHECK(added.col(s).norm() == doctest::Approx(0.25).epsilon(1e-13));
    }
    CHECK((added.col(0) - added.col(1)).norm() > 1e-3);
    Vector x(3);
    of_one.apply(0, t, x);
    CHECK(x - one.inputs.col(t) == added.col(1));
  }
}
