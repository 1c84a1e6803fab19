// tests/plugins/studies/interpolate_test.cpp - spectra of a common length.
#include "interpolate/common_length.hpp"
#include "small_study.hpp"

using namespace studied;

namespace {

/// The published code's own step, once.
std::vector<double> doubled(const std::vector<double>& l) {
  const std::size_t n = l.size();
  std::vector<double> out(2 * n);
  for (std::size_t i = 0; i + 1 < n; ++i) out[2 * i + 1] = (l[i] + l[i + 1]) / 2;
  for (std::size_t i = 0; i < n; ++i) out[2 * i] = l[i];
  out[2 * n - 1] = l[n - 1] + (l[n - 1] - l[n - 2]) / 2;
  return out;
}
std::vector<double> resized(const std::vector<double>& l, std::size_t length) {
  std::vector<double> out(length);
  lyap::interpolate::to_length(l, out);
  return out;
}
MeasuredArray targets(std::vector<double> values) {
  return column("loss", std::move(values));
}

}  // namespace

TEST_CASE("repeated doubling is linear interpolation at j/F with the last segment continued") {
  Vector noise = Vector::Random(64);
  std::sort(noise.begin(), noise.end(), std::greater<>());
  std::vector<double> l(noise.begin(), noise.end());
  std::vector<double> published = l;
  for (const std::size_t length : {128, 256, 512, 1024}) {
    published = doubled(published);
    const std::vector<double> ours = resized(l, length);
    for (std::size_t j = 0; j < length; ++j)
      CHECK(std::abs(ours[j] - published[j]) <= 1e-15 * std::max(1.0, std::abs(published[j])));
  }
}

TEST_CASE("lengths that are no multiple follow the same line") {
  // l_i = 3 - 2 i is a line, and so is its continuation, at any position j n / length.
  for (const std::size_t length : {1, 2, 3, 4, 5, 7, 11}) {
    const auto out = resized({3, 1, -1, -3}, length);
    for (std::size_t j = 0; j < length; ++j)
      CHECK(out[j] ==
            doctest::Approx(3 - 8.0 * static_cast<double>(j) / static_cast<double>(length))
                .epsilon(1e-14));
  }
  CHECK(resized({0.5, -0.1, -0.7}, 3) == std::vector<double>{0.5, -0.1, -0.7});
  CHECK(resized({4, 2, 1, 0}, 2) == std::vector<double>{4, 1});
  CHECK(resized({-0.3}, 3) == std::vector<double>{-0.3, -0.3, -0.3});
}

TEST_CASE("spectra of networks of several sizes get the longest one's length") {
  const Measurement m = study("interpolate", "",
                              {{"spectra", spectra_of(2, 1, 4,
                                                      {0, -1, missing, missing,  //
                                                       1, 0.5, 0.25, -1})},
                               {"target", targets({7, 8})}});
  const Field out(m, "exponents");
  CHECK(out.shape() == std::vector<std::int64_t>{2, 1, 4});
  CHECK(out.values() == std::vector<double>{0, -0.5, -1, -1.5, 1, 0.5, 0.25, -1});
  CHECK(Field(m, "loss").values() == std::vector<double>{7, 8});
  CHECK(Field(m, "kept").values() == std::vector<double>{1, 1});
  CHECK(out.note("table") ==
        "exponents  spectra  now\n"
        "2                1    4\n"
        "4                1    4");
}

TEST_CASE("a length of one's own, and sorting before") {
  const auto raw = spectra_of(1, 1, 2, {-1, 0});
  CHECK(Field(study("interpolate", "length: '4'", {{"spectra", raw}}), "exponents").values() ==
        std::vector<double>{-1, -0.5, 0, 0.5});
  CHECK(Field(study("interpolate", "length: '4', sort: on", {{"spectra", raw}}), "exponents")
            .values() == std::vector<double>{0, -0.5, -1, -1.5});
  CHECK(contains(refusal([&] {
                   study("interpolate", "length: long", {{"spectra", raw}});
                 }),
                 "`length` is max or a whole number from 1 to 1000000, not 'long'"));
}

TEST_CASE("a spectrum that is not finite is left out alone, and its network with its last one") {
  const Place place;
  const Measurement m = study("interpolate", "",
                              {{"spectra", spectra_of(3, 2, 2,
                                                      {0, -1, 0, -2,    //
                                                       1, -inf, 1, -1,  //
                                                       missing, 1, 2, -inf})},
                               {"target", targets({7, 8, 9})}},
                              place);
  const auto out = Field(m, "exponents").values();
  CHECK(out[4] != out[4]);
  CHECK(out[5] != out[5]);
  CHECK(out[6] == 1);
  CHECK(out[7] == -1);
  for (std::size_t i = 8; i < 12; ++i) CHECK(std::isnan(out[i]));
  CHECK(Field(m, "kept").values() == std::vector<double>{1, 1, 0});
  CHECK(std::isnan(Field(m, "loss").values()[2]));
  REQUIRE(place.warnings.size() == 1);
  CHECK(contains(place.warnings[0],
                 "3 spectra with a number that is not finite and 0 without any were "
                 "left out"));
}

TEST_CASE("the published remedy copies a good network with its target, and warns") {
  const Place place;
  std::vector<double> values;
  for (int i = 0; i < 40; ++i) {
    values.push_back(i % 2 ? missing : i);
    values.push_back(i % 2 ? -inf : -i);
  }
  std::vector<double> losses;
  for (int i = 0; i < 40; ++i) losses.push_back(100 + i);
  losses[0] = missing;  // good spectra, but nothing to copy along
  const std::map<std::string, MeasuredArray> given{{"spectra", spectra_of(40, 1, 2, values)},
                                                   {"target", targets(losses)}};
  const Measurement m = study("interpolate", "non_finite: resample", given, place);
  const auto out = Field(m, "exponents").values(), loss = Field(m, "loss").values(),
             source = Field(m, "source").values(), kept = Field(m, "kept").values();
  for (std::size_t i = 0; i < 40; ++i) {
    const double from = source[i];
    CHECK(std::fmod(from, 2) == 0);
    CHECK(out[2 * i] == from);
    CHECK(kept[i] == (i % 2 ? 0 : 1));
    if (i == 0) continue;
    CHECK(from > 0);
    CHECK(loss[i] == 100 + from);
  }
  CHECK(source == Field(study("interpolate", "non_finite: resample", given), "source").values());
  REQUIRE(place.warnings.size() == 1);
  CHECK(contains(place.warnings[0],
                 "20 networks became copies of others with their targets, so that the "
                 "same network may lie in training and test parts"));
}

TEST_CASE("nothing good to interpolate is refused with what to do") {
  CHECK(contains(refusal([] {
                   study("interpolate", "", {{"spectra", spectra_of(1, 1, 2, {missing, 1})}});
                 }),
                 "none of the spectra is finite throughout"));
}
