// tests/plugins/alignment/tally_test.cpp - groups of Q, moments, counts, and the table beside what
// was published.
#include "alignment/tally.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "alignment/table.hpp"
#include "small_pipeline.hpp"

using namespace alignment_test;
using namespace lyap::alignment;

namespace {

Matrix random_alignment(const std::string& stream) {
  Matrix A(12, 8);
  host().uniform(stream, A);
  return (2 * A.array() - 1).matrix();
}

constexpr Extents small{2, 3, 12, 2, 4, 10};  // gates, steps, directions, singular, values, bins

}  // namespace

TEST_CASE("the groups are the first, the last and random ones among the rest, sorted") {
  const Groups groups = groups_of(128, 10, host());
  CHECK(groups[0] == std::vector<Index>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  CHECK(groups[1] == std::vector<Index>{118, 119, 120, 121, 122, 123, 124, 125, 126, 127});
  const std::set<Index> random(groups[2].begin(), groups[2].end());
  CHECK(random.size() == 10);
  CHECK(std::is_sorted(groups[2].begin(), groups[2].end()));
  CHECK(*random.begin() >= 10);
  CHECK(*random.rbegin() < 118);
  CHECK(groups == groups_of(128, 10, host()));
}

TEST_CASE("groups never overlap: a third of all directions is the most, one the least") {
  for (const Index directions : {1, 2, 3, 5, 16, 30, 31}) {
    const Groups groups = groups_of(directions, 10, host());
    const std::size_t size =
        directions < 3 ? 1 : static_cast<std::size_t>(std::min<Index>(10, directions / 3));
    CHECK(groups[0].size() == size);
    CHECK(groups[1].size() == size);
    CHECK(groups[2].size() == (directions < 3 ? 0 : size));
    std::set<Index> all;
    for (const auto& group : groups) all.insert(group.begin(), group.end());
    CHECK(all.size() == std::min<std::size_t>(3 * size, static_cast<std::size_t>(directions)));
    CHECK(*all.rbegin() == directions - 1);
  }
}

TEST_CASE("a deviation is the root mean square about the mean, of a group and of each direction") {
  const Groups groups = groups_of(12, 3, host());
  Tally tally(small, groups);
  const Matrix A = random_alignment("A"), B = random_alignment("B");
  tally.add(Transposed, Final, 0, 2, A);
  tally.add(Transposed, Final, 1, 2, B);
  const Index left = index_of(Transposed, Left, Final), right = index_of(Transposed, Right, Final);
  CHECK(left == 5);
  CHECK(right == 7);
  const auto deviation = [](const Vector& x) {
    return std::sqrt((x.array() - x.mean()).square().mean());
  };
  Vector first(12), direction(4);
  first << A.block(0, 0, 3, 2).reshaped(), B.block(0, 0, 3, 2).reshaped();
  CHECK(tally.group(left, 0).deviation() == doctest::Approx(deviation(first)).epsilon(1e-12));
  first << A.block(9, 4, 3, 2).reshaped(), B.block(9, 4, 3, 2).reshaped();
  CHECK(tally.group(right, 1).deviation() == doctest::Approx(deviation(first)).epsilon(1e-12));
  CHECK(tally.group(right, 1, 1).deviation() ==
        doctest::Approx(deviation(Vector(B.block(9, 4, 3, 2).reshaped()))).epsilon(1e-12));
  direction << A(5, 6), A(5, 7), B(5, 6), B(5, 7);
  CHECK(tally.spread(right, 1, 2, 5).deviation() ==
        doctest::Approx(deviation(direction)).epsilon(1e-12));
  CHECK(std::isnan(tally.spread(right, 1, 1, 5).deviation()));
  CHECK(std::isnan(tally.group(0, 0).deviation()));
}

TEST_CASE("the histogram counts every value of a group once, 1 and -1 in the outer bins") {
  const Groups groups = groups_of(12, 3, host());
  Tally tally(small, groups);
  Matrix A = Matrix::Constant(12, 8, 0.05);
  A(0, 0) = 1 + 1e-15, A(1, 0) = -1 - 1e-15, A(2, 0) = -0.79;
  tally.add(Forward, PerStep, 0, 1, A);
  const std::vector<double>& counts = tally.histogram();
  double all = 0;
  for (const double count : counts) all += count;
  CHECK(all == 2 * 3 * 3 * 2);  // sides, groups, members, first singular vectors
  const auto bins = [&](std::size_t combination, std::size_t group, std::size_t singular) {
    return std::vector<double>(
        counts.begin() + static_cast<long>(((combination * 3 + group) * 2 + singular) * 10),
        counts.begin() + static_cast<long>(((combination * 3 + group) * 2 + singular + 1) * 10));
  };
  CHECK(bins(0, 0, 0) == std::vector<double>{1, 1, 0, 0, 0, 0, 0, 0, 0, 1});
  CHECK(bins(0, 0, 1) == std::vector<double>{0, 0, 0, 0, 0, 3, 0, 0, 0, 0});
  CHECK(bins(2, 2, 1) == std::vector<double>{0, 0, 0, 0, 0, 3, 0, 0, 0, 0});
  CHECK(bins(1, 0, 0) == std::vector<double>(10, 0));
}

TEST_CASE("tallies of single runs add up to the tally of all") {
  const Groups groups = groups_of(12, 3, host());
  Tally together(small, groups), sum(small, groups);
  for (const std::string stream : {"A", "B", "C"}) {
    const Matrix A = random_alignment(stream);
    Tally one(small, groups);
    for (Tally* tally : {&one, &together})
      for (Index t = 1; t <= 3; ++t) {
        tally->add(Forward, PerStep, 0, t, A);
        tally->add(t, A.col(0).cwiseAbs(), 1, 2);
      }
    sum += one;
  }
  CHECK(sum.group(0, 2).deviation() ==
        doctest::Approx(together.group(0, 2).deviation()).epsilon(1e-14));
  CHECK(sum.spread(2, 1, 3, 4).deviation() ==
        doctest::Approx(together.spread(2, 1, 3, 4).deviation()).epsilon(1e-14));
  CHECK(sum.histogram() == together.histogram());
  CHECK((sum.mean_values() - together.mean_values()).cwiseAbs().maxCoeff() < 1e-15);
  CHECK((sum.null_share().col(0).array() == 0.5).all());
  CHECK((sum.null_share().col(1).array() == 1).all());
}

TEST_CASE(
    "the table has a line for each combination, the published numbers and the nearest to "
    "them") {
  std::array<Triple, combinations> ours;
  for (std::size_t c = 0; c < combinations; ++c)
    ours[c] = {0.1 + 0.01 * static_cast<double>(c), 0.08, std::nan("")};
  CHECK(closest(ours, {0.152, 0.08, 0.07}) == 5);
  CHECK(table_of(ours, {10, 10, 0}, 0.0884, {0.152, 0.08, 0.07}) ==
        "Q of        vectors  loss        first 10    last 10   random 0\n"
        "forward     left     per_step       0.100      0.080          -\n"
        "forward     left     final          0.110      0.080          -\n"
        "forward     right    per_step       0.120      0.080          -\n"
        "forward     right    final          0.130      0.080          -\n"
        "transposed  left     per_step       0.140      0.080          -\n"
        "transposed  left     final          0.150      0.080          -\n"
        "transposed  right    per_step       0.160      0.080          -\n"
        "transposed  right    final          0.170      0.080          -\n"
        "random vectors                      0.088      0.088      0.088\n"
        "published                           0.152      0.080      0.070\n"
        "closest to it: transposed left final, largest difference 0.002");
}
