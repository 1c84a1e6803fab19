// tests/plugins/aelle/study_test.cpp - tables of networks through the whole study.
#include <algorithm>
#include <atomic>
#include <numeric>

#include "../../framework/temporary_folder.hpp"
#include "aelle/statistics.hpp"
#include "made_table.hpp"

using namespace made_table;
using measured::refusal;
using studied::Field;
using studied::missing;
using studied::Place;
using studied::study;

namespace {

/// First coordinates of a seed.
std::vector<double> first_coordinates(const Measurement& m, Index seed) {
  const Field c(m, "coordinate");
  const Index networks = c.shape()[1], components = c.shape()[3];
  std::vector<double> first;
  for (Index i = 0; i < networks; ++i)
    first.push_back(c.values()[static_cast<std::size_t>((seed * networks + i) * components)]);
  return first;
}

/// Those of the networks of one part.
std::vector<double> part_of(const std::vector<double>& values, const std::vector<double>& parts,
                            double part) {
  std::vector<double> some;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (parts[i] == part) some.push_back(values[i]);
  return some;
}

double median(std::vector<double> values) {
  return lyap::aelle::quantile(std::move(values), 0.5);
}

/// Results that both a training and an application give.
constexpr const char* answers[] = {
    "prediction", "verdict",       "reconstruction_error", "latent",    "coordinate", "explained",
    "boundary",   "orientation",   "best_epoch",           "r_squared", "rms_error",  "perturbed",
    "threshold",  "test_r_squared"};

bool same(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

}  // namespace

TEST_CASE("what sets the loss is found in the spectra, and the first coordinate separates by it") {
  const Table table(250);
  const Measurement m = study("aelle", fast(150, two_seeds), table.inputs());
  const Field r2(m, "r_squared");
  REQUIRE(r2.shape() == std::vector<std::int64_t>{2, 3});
  // Nothing but the network's size and its training stands between the spectra and the losses:
  // 0.95 asks for errors below a quarter of the losses' deviation.
  for (const double share : r2.values()) CHECK(share > 0.95);
  for (Index seed = 0; seed < 2; ++seed) {
    const std::vector<double> first = first_coordinates(m, seed);
    const double sign = Field(m, "orientation").vector()[seed];
    CHECK(f1(first, median(first), sign, table.losses, median(table.losses)) > 0.9);
    CHECK(Field(m, "boundary").vector()[seed] ==
          doctest::Approx(median(part_of(first, table.parts, 0))));
  }
  const double all_error = Field(m, "reconstruction_error").vector().mean();
  CHECK(all_error < 0.15);  // the spectra reach from 0 to -4
  CHECK(Field(m, "threshold").values().at(0) == median(part_of(table.losses, table.parts, 0)));
  CHECK(Field(m, "test_r_squared").values().at(0) ==
        doctest::Approx((r2.vector()[2] + r2.vector()[5]) / 2));
  const std::string text = Field(m, "r_squared").note("table");
  CHECK(std::count(text.begin(), text.end(), '\n') == 6);  // two heads, two seeds, mean, std, n
  CHECK(
      text.ends_with("n               -        250        150         50         50        150     "
                     "    50         50"));
}

TEST_CASE("losses in random order are not predicted: held-out F1 is that of chance") {
  Table table(400);
  lyap::aelle::Draws draws(5);
  std::vector<Index> order(400);
  std::iota(order.begin(), order.end(), Index{0});
  draws.shuffle(order);
  const std::vector<double> losses = table.losses;
  for (std::size_t i = 0; i < 400; ++i) {
    table.losses[i] = losses[static_cast<std::size_t>(order[i])];
    table.parts[i] = i < 200 ? 0 : 2;
  }
  const Measurement m = study("aelle", fast(40, two_seeds), table.inputs());
  for (Index seed = 0; seed < 2; ++seed) {
    const auto scores = part_of(first_coordinates(m, seed), table.parts, 2);
    const auto held_out = part_of(table.losses, table.parts, 2);
    const double found = f1(scores, median(scores), Field(m, "orientation").vector()[seed],
                            held_out, median(held_out));
    // Medians on both sides: how many of 100 drawn out of 200 are among the 100 positive ones,
    // deviation sqrt(100 / 4 * 100 / 199) = 3.5 of 100; four of them.
    CHECK(std::abs(found - 0.5) < 0.14);
    CHECK(Field(m, "r_squared").vector()[seed * 3 + 2] < 0.2);
  }
}

TEST_CASE("every number is the same for one worker and for two") {
  const Table table(60);
  const std::string with = fast(10, "batch: 32, seeds: 3, perturb: [0.1]");
  const Measurement two = study("aelle", with, table.inputs());
  Place alone;
  lyap::framework::Workers one_worker(1);
  alone.surroundings.workers = &one_worker;
  const Measurement one = study("aelle", with, table.inputs(), alone);
  REQUIRE(one.arrays.size() == two.arrays.size());
  for (std::size_t i = 0; i < one.arrays.size(); ++i) {
    CAPTURE(one.arrays[i].port);
    CHECK(same(one.arrays[i].values, two.arrays[i].values));
  }
  for (const auto& entry : one.files.at("aelle").tensors) {
    CAPTURE(entry.first);
    CHECK(entry.second.to_doubles() == two.files.at("aelle").tensors.at(entry.first).to_doubles());
  }
  CHECK(one.files.at("aelle").metadata == two.files.at("aelle").metadata);
  const Field codes(one, "latent");
  CHECK(codes.vector().head(4) != codes.vector().segment(60 * 4, 4));  // seeds differ
}

TEST_CASE("the file applied to the same spectra gives exactly the numbers of its training") {
  Table table(60);
  table.spectra[5 * 32 + 3] = missing;
  table.losses[7] = missing;
  for (const char* more : {"", ", variant: prednet3, input: zscore, center: off, components: 2",
                           ", compat: lae_head, target_scale: minmax, precision: float64",
                           ", variant: autopred2020, threshold: 1.3"}) {
    CAPTURE(std::string(more));
    const std::string with =
        "latent: 3, epochs: 5, learning_rate: 0.003, batch: 16, seeds: 2, perturb: [-0.2, 0.2]";
    const Measurement trained = study("aelle", with + more, table.inputs());
    const TemporaryFolder folder;
    const auto path = folder.path() / "aelle.safetensors";
    write_safetensors(path, trained.files.at("aelle"));
    const Measurement applied =
        study("aelle", "perturb: [-0.2, 0.2], weights: '" + path.string() + "'", table.inputs());
    for (const char* port : answers) {
      CAPTURE(port);
      CHECK(Field(applied, port).shape() == Field(trained, port).shape());
      CHECK(same(Field(applied, port).values(), Field(trained, port).values()));
    }
    CHECK(applied.find("history") == nullptr);
    CHECK(applied.files.empty());
  }
}

TEST_CASE("a file is applied to new spectra at several checkpoints, without their losses") {
  const Table table(250), other(30, 32, 2);
  const Measurement trained = study("aelle", fast(150, two_seeds), table.inputs());
  const TemporaryFolder folder;
  const auto path = folder.path() / "aelle.safetensors";
  write_safetensors(path, trained.files.at("aelle"));
  const std::string with = "weights: '" + path.string() + "'";
  const Measurement m = study("aelle", with,
                              {{"spectra", array("exponent[network, checkpoint, index] nats/step",
                                                 {10, 3, 32}, other.spectra)}});
  const Field prediction(m, "prediction");
  REQUIRE(prediction.shape() == std::vector<std::int64_t>{2, 10, 3});
  const lyap::Vector losses = Eigen::Map<const lyap::Vector>(other.losses.data(), 30);
  for (Index seed = 0; seed < 2; ++seed)
    CHECK(lyap::aelle::r_squared(prediction.vector().segment(30 * seed, 30), losses) > 0.95);
  for (const double share : Field(m, "r_squared").values()) CHECK(std::isnan(share));

  const Table shorter(5, 16);
  CHECK(refusal([&] { study("aelle", with, shorter.inputs()); }) ==
        "analysis 'aelle': " + path.string() +
            " was trained on spectra of 32 exponents, and these have 16; bring them to that length "
            "with `interpolate`");
}

TEST_CASE("a moved code changes the predicted loss by what was asked") {
  const Table table(100);
  const Measurement trained =
      study("aelle", fast(40, two_seeds + ", perturb: [-0.3, 0, 0.3]"), table.inputs());
  const Field moved(trained, "perturbed");
  REQUIRE(moved.shape() == std::vector<std::int64_t>{2, 3, 32});
  CHECK(Field(trained, "delta").values() == std::vector<double>{-0.3, 0, 0.3});
  // The mean over the middle half of the training spectra, decoded: near their mean.
  CHECK(std::abs(moved.sequence(0).col(1).mean() -
                 Eigen::Map<const lyap::Vector>(table.spectra.data(), 3200).mean()) < 0.5);
  CHECK((moved.sequence(0).col(0) - moved.sequence(0).col(2)).norm() > 0.05);
}

TEST_CASE("networks without a spectrum, a loss or a part are left out, and that is said") {
  Table table(40);
  constexpr double dead = -std::numeric_limits<double>::infinity();
  for (Index k = 0; k < 32; ++k) table.spectra[static_cast<std::size_t>(k)] = missing;
  table.spectra[1 * 32 + 31] = dead;
  for (std::size_t k = 20; k < 32; ++k) table.spectra[2 * 32 + k] = missing;
  table.losses[3] = missing;
  table.parts[4] = missing;
  Place place;
  const Measurement m = study("aelle", fast(2, two_seeds), table.inputs(), place);
  const std::string sentence =
      "of 40 spectra, 1 are missing; 1 have dead directions (minus infinity); 1 are shorter than "
      "the longest: give them one length with `interpolate`; 1 have no finite loss and are encoded "
      "but neither trained on nor compared; 1 have no part: likewise";
  CHECK(measured::note(m, "left_out") == sentence);
  REQUIRE_FALSE(place.warnings.empty());
  CHECK(place.warnings.front() == sentence);
  const auto prediction = Field(m, "prediction").values();
  for (const std::size_t i : {0u, 1u, 2u}) CHECK(std::isnan(prediction[i]));
  for (const std::size_t i : {3u, 4u, 5u}) CHECK(std::isfinite(prediction[i]));
  CHECK(measured::note(m, "rows") == "37 spectra, 21 train, 7 validation, 7 test");
}

TEST_CASE("in fixed order the rows of a group stay together") {
  Table table(24), grouped(24);
  auto inputs = table.inputs();
  std::vector<double> groups;
  for (Index i = 0; i < 24; ++i) groups.push_back(static_cast<double>(i % 2));
  inputs["group"] = array("group[network]", {24}, groups, "lstm gru");
  // The same table written group by group gives the same training.
  grouped.spectra.clear(), grouped.losses.clear(), grouped.parts.clear();
  for (std::size_t group = 0; group < 2; ++group)
    for (std::size_t i = group; i < 24; i += 2) {
      grouped.spectra.insert(grouped.spectra.end(),
                             table.spectra.begin() + static_cast<int>(i) * 32,
                             table.spectra.begin() + static_cast<int>(i + 1) * 32);
      grouped.losses.push_back(table.losses[i]);
      grouped.parts.push_back(table.parts[i]);
    }
  const std::string with = fast(3, "batch: 5, shuffle: off");
  const Measurement a = study("aelle", with, inputs), b = study("aelle", with, grouped.inputs());
  const auto& first = a.files.at("aelle").tensors.at("encoder.0.weight");
  CHECK(measured::note(a, "groups") == "lstm 12 of 12 spectra, gru 12 of 12 spectra");
  CHECK(first.to_doubles() == b.files.at("aelle").tensors.at("encoder.0.weight").to_doubles());
}

TEST_CASE("an interrupted training keeps nothing and says so") {
  const Table table(20);
  Place place;
  lyap::framework::Stop stop;
  place.surroundings.stop = &stop;
  std::atomic<int> reports = 0;
  place.surroundings.progress = [&](const std::string& stage, std::int64_t, std::int64_t total) {
    CHECK(stage == "aelle");
    CHECK(total == 2 * 4 * 1000);
    if (++reports == 3) stop.ask();
  };
  CHECK(refusal([&] { study("aelle", fast(1000, two_seeds), table.inputs(), place); }) ==
        "analysis 'aelle': the autoencoder was interrupted; none of it is kept");
}

TEST_CASE("what cannot be trained on is refused with a remedy") {
  Table table(10);
  auto inputs = table.inputs();
  inputs.erase("target");
  CHECK(refusal([&] { study("aelle", fast(1), inputs); }) ==
        "analysis 'aelle': nothing is connected to `target`, the losses to learn from; connect "
        "them, or say `weights:` to apply an autoencoder that was trained before");
  for (double& part : table.parts) part = 2;
  CHECK(refusal([&] { study("aelle", fast(1), table.inputs()); }) ==
        "analysis 'aelle': there are 0 training spectra with a loss, and an autoencoder needs two "
        "at least");
  for (double& x : table.spectra) x = missing;
  CHECK(refusal([&] { study("aelle", fast(1), table.inputs()); }) ==
        "analysis 'aelle': no spectrum is finite: of 10 spectra, 10 are missing");
  const Table high(10);
  CHECK(refusal([&] {
          study("aelle", fast(1, "head: sigmoid, prediction: bce, target_scale: raw"),
                high.inputs());
        }).starts_with("analysis 'aelle': `prediction: bce` needs losses between 0 and 1, and"));
}
