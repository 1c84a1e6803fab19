// tests/plugins/studies/split_test.cpp - which networks train, validate and test.
#include "small_study.hpp"

using namespace studied;

namespace {

MeasuredArray rows_of(std::vector<double> values) {
  return column("loss", std::move(values));
}
MeasuredArray ones(std::size_t n) {
  return rows_of(std::vector<double>(n, 1));
}
std::vector<double> part_of(const Measurement& m) {
  return Field(m, "part").values();
}
std::ptrdiff_t count(const std::vector<double>& part, double code, std::size_t from,
                     std::size_t to) {
  return std::count(part.begin() + static_cast<std::ptrdiff_t>(from),
                    part.begin() + static_cast<std::ptrdiff_t>(to), code);
}

}  // namespace

TEST_CASE("70 % train, 10 % validation and the rest for the test, whatever rounding does") {
  const auto part = part_of(study("split", "", {{"rows", ones(10)}}));
  CHECK(count(part, 0, 0, 10) == 7);
  CHECK(count(part, 1, 0, 10) == 1);
  CHECK(count(part, 2, 0, 10) == 2);
  // 19 networks: floor(1.9) validate, floor(3.8) test, the remainder trains.
  const auto odd = part_of(study("split", "", {{"rows", ones(19)}}));
  CHECK(count(odd, 0, 0, 19) == 15);
  CHECK(count(odd, 1, 0, 19) == 1);
  CHECK(count(odd, 2, 0, 19) == 3);
}

TEST_CASE("fractions that fill everything leave no test part") {
  const auto part = part_of(study("split", "train: 0.8, validation: 0.2", {{"rows", ones(10)}}));
  CHECK(count(part, 0, 0, 10) == 8);
  CHECK(count(part, 1, 0, 10) == 2);
}

TEST_CASE("the order of the table, one part after the other") {
  const auto part =
      part_of(study("split", "order: listed, train: 0.5, validation: 0.25", {{"rows", ones(4)}}));
  CHECK(part == std::vector<double>{0, 0, 1, 2});
}

TEST_CASE("fractions hold within each group, whose order does not hang on the other groups") {
  // Groups of 20 and 10, interleaved two to one.
  std::vector<double> group;
  for (int i = 0; i < 30; ++i) group.push_back(i % 3 == 2);
  const auto groups = [](std::vector<double> codes) {
    const auto n = static_cast<std::int64_t>(codes.size());
    return array("group[network]", {n}, std::move(codes), "lstm gru");
  };
  const Measurement both = study("split", "", {{"rows", ones(30)}, {"group", groups(group)}});
  const auto part = part_of(both);
  std::vector<double> lstm, gru;
  for (std::size_t i = 0; i < 30; ++i) (group[i] == 0 ? lstm : gru).push_back(part[i]);
  CHECK(count(lstm, 0, 0, 20) == 14);
  CHECK(count(lstm, 1, 0, 20) == 2);
  CHECK(count(gru, 0, 0, 10) == 7);
  CHECK(count(gru, 2, 0, 10) == 2);
  const auto alone = part_of(
      study("split", "", {{"rows", ones(10)}, {"group", groups(std::vector<double>(10, 1))}}));
  CHECK(alone == gru);
  CHECK(Field(both, "part").note("flag_meanings") == "train validation test");
  CHECK(Field(both, "part").note("table") ==
        "group  networks  train  validation  test  left out\n"
        "lstm         20     14           2     4         0\n"
        "gru          10      7           1     2         0\n"
        "all          30     21           3     6         0");
}

TEST_CASE("a random order is the seed's and mixes the rows") {
  const auto first = part_of(study("split", "", {{"rows", ones(200)}}));
  CHECK(first == part_of(study("split", "", {{"rows", ones(200)}})));
  // Of 100 rows 70 are expected to train; 55 and 85 are more than four standard deviations away.
  CHECK(count(first, 0, 0, 100) > 55);
  CHECK(count(first, 0, 0, 100) < 85);
}

TEST_CASE("networks without a number or a group are left out, and that is said") {
  const Place place;
  const auto group = array("group[network]", {4}, {0, 0, missing, 0}, "lstm");
  const Measurement m = study("split", "order: listed, train: 1, validation: 0",
                              {{"rows", rows_of({1, missing, 2, 3})}, {"group", group}}, place);
  const auto part = part_of(m);
  CHECK(part[0] == 0);
  CHECK(std::isnan(part[1]));
  CHECK(std::isnan(part[2]));
  CHECK(part[3] == 0);
  REQUIRE(place.warnings.size() == 1);
  CHECK(
      contains(place.warnings[0],
               "2 networks of 4 left out of the split: 1 without a finite number in port 'rows', 1 "
               "without a group"));
}

TEST_CASE("divisions that cannot be are refused") {
  CHECK(contains(refusal([] {
                   study("split", "train: 0.9, validation: 0.2", {{"rows", ones(4)}});
                 }),
                 "`train` 0.9 and `validation` 0.2 are more than all networks; lower them so that "
                 "their sum is at most 1"));
  CHECK(contains(refusal([] {
                   study("split", "train: 0", {{"rows", ones(4)}});
                 }),
                 "`train` is 0, which leaves no network to learn from"));
  CHECK(contains(refusal([] {
                   study("split", "", {{"rows", rows_of({missing, missing})}});
                 }),
                 "every network is left out of the split"));
}
