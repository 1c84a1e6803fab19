// tests/framework/run/gathering_test.cpp - what an analysis gives: whole, in pieces, in memory or
// in a file; and what it is given of other measures.
#include "run/gathering.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>

#include "../temporary_folder.hpp"
#include "data/hdf5_read.hpp"
#include "lyap/views.hpp"
#include "plugin/catalog.hpp"

using namespace lyap::framework;

namespace {

const Plugin& spectrum() {
  static const Catalog catalog({LYAP_PLUGIN_DIR});
  return catalog.find(LYAP_ANALYSIS, "spectrum");
}

Surroundings with_memory(std::int64_t bytes) {
  Surroundings s;
  s.memory_budget = bytes;
  return s;
}

/// history[time, index] of 3 x 2 numbers, the last row never given.
void give_in_pieces(Gathering& gathering) {
  const std::int64_t shape[] = {3, 2};
  gathering.announce("history", shape, 2);
  const double first[] = {1, 2}, second[] = {3, 4};
  const std::int64_t row[] = {1, 2}, at_0[] = {0, 0}, at_1[] = {1, 0};
  gathering.piece("history", at_1, row, second);
  gathering.piece("history", at_0, row, first);
  gathering.note("history", "unit", "nats/step");
}

void check_pieces(const std::vector<double>& values) {
  REQUIRE(values.size() == 6);
  for (std::size_t i = 0; i < 4; ++i) CHECK(values[i] == static_cast<double>(i + 1));
  CHECK(std::isnan(values[4]));
  CHECK(std::isnan(values[5]));
}

}  // namespace

TEST_CASE("pieces make the same array in memory and in a file, and what is not given is missing") {
  const TemporaryFolder folder;
  const Surroundings surroundings = with_memory(1 << 20);
  Gathering in_memory(spectrum(), nullptr, nullptr, surroundings, {"le", {}, {}});
  give_in_pieces(in_memory);
  check_pieces(in_memory.finish().find("history")->values);

  const auto path = folder.path() / "fields" / "le_given.h5";
  Gathering in_file(spectrum(), nullptr, nullptr, surroundings, {"le", path, {}});
  give_in_pieces(in_file);
  CHECK_FALSE(std::filesystem::exists(path));  // not before it is complete
  const Measurement done = in_file.finish();
  CHECK(done.find("history")->values.empty());
  CHECK(done.find("history")->field == path);
  check_pieces(read_doubles(path, "le/history"));
}

TEST_CASE("a measurement that does not end leaves no file of its pieces") {
  const TemporaryFolder folder;
  const Surroundings surroundings = with_memory(1 << 20);
  const auto path = folder.path() / "fields" / "le_given.h5";
  {
    Gathering gathering(spectrum(), nullptr, nullptr, surroundings, {"le", path, {}});
    give_in_pieces(gathering);
  }
  CHECK(std::filesystem::is_empty(path.parent_path()));
}

TEST_CASE("a result in a file need not fit in memory, one in memory must") {
  const TemporaryFolder folder;
  const Surroundings surroundings = with_memory(64);
  const std::int64_t shape[] = {300, 20};
  Gathering in_file(spectrum(), nullptr, nullptr, surroundings,
                    {"le", folder.path() / "le_given.h5", {}});
  CHECK_NOTHROW(in_file.announce("history", shape, 2));
  Gathering in_memory(spectrum(), nullptr, nullptr, surroundings, {"le", {}, {}});
  CHECK_THROWS_WITH(in_memory.announce("history", shape, 2),
                    "result 'history' needs 1 MiB, more than the memory budget of 0 MiB; ask for "
                    "less of it or raise --memory");
}

TEST_CASE("a piece outside, before its announcement, or of an undeclared result is a mistake") {
  const Surroundings surroundings = with_memory(1 << 20);
  Gathering gathering(spectrum(), nullptr, nullptr, surroundings, {"le", {}, {}});
  const std::int64_t shape[] = {3, 2}, at[] = {2, 0}, extent[] = {2, 2};
  const double values[4] = {};
  CHECK_THROWS_WITH(gathering.piece("history", at, extent, values),
                    "a piece of 'history' came before its announcement");
  gathering.announce("history", shape, 2);
  CHECK_THROWS_WITH(gathering.piece("history", at, extent, values),
                    "a piece of 'history' lies outside its announced shape");
  CHECK_THROWS_WITH(gathering.announce("spectrum", shape, 2),
                    "result 'spectrum' has 2 axes, declared is exponent[index] nats/step");
  CHECK_THROWS_WITH(gathering.announce("spectra", shape, 2),
                    "it gives a result 'spectra' it has not declared");
}

TEST_CASE("an input is the other measure's result, from memory or from its file") {
  const TemporaryFolder folder;
  const Surroundings surroundings = with_memory(1 << 20);
  Gathering first(spectrum(), nullptr, nullptr, surroundings,
                  {"le", folder.path() / "le_given.h5", {}});
  give_in_pieces(first);
  const Measurement in_file = first.finish();
  Gathering second(spectrum(), nullptr, nullptr, surroundings, {"le", {}, {}});
  give_in_pieces(second);
  const Measurement in_memory = second.finish();
  for (const Measurement* source : {&in_file, &in_memory}) {
    const Gathering fed(spectrum(), nullptr, nullptr, surroundings,
                        {"other", {}, {{"start", source->find("history")}}});
    lyap_array given{};
    REQUIRE(fed.input("start", given));
    CHECK(given.dimensions == 2);
    check_pieces({given.data, given.data + 6});
    CHECK_FALSE(fed.input("q", given));
  }
  const Surroundings little = with_memory(40);
  CHECK_THROWS_WITH_AS(Gathering(spectrum(), nullptr, nullptr, little,
                                 {"other", {}, {{"start", in_file.find("history")}}}),
                       "port 'start' is given 1 MiB, more than the memory budget of 0 MiB; measure "
                       "less of it or raise --memory",
                       InputError);
}

TEST_CASE("codes have the words of the input they came with, and nothing else has any") {
  const Surroundings surroundings = with_memory(1 << 20);
  MeasuredArray words, plain;
  words.notes = {{"state", "hidden"}, {"flag_meanings", "lstm gru_2 rnn"}};
  Gathering gathering(spectrum(), nullptr, nullptr, surroundings,
                      {"le", {}, {{"start", &words}, {"q", &plain}}});
  const char* const first = gathering.label("start", 0);
  CHECK(std::string(first) == "lstm");
  CHECK(std::string(gathering.label("start", 1)) == "gru_2");
  CHECK(std::string(gathering.label("start", 2)) == "rnn");
  CHECK(gathering.label("start", 0) == first);  // stays where it is
  CHECK(gathering.label("start", 3) == nullptr);
  CHECK(gathering.label("start", -1) == nullptr);
  CHECK(gathering.label("q", 0) == nullptr);
  CHECK(gathering.label("nowhere", 0) == nullptr);
}

TEST_CASE("matrices are kept row by row in files of their own, with what is said of a file") {
  const Surroundings surroundings = with_memory(1 << 20);
  Gathering gathering(spectrum(), nullptr, nullptr, surroundings, {"le", {}, {}});
  const lyap::Matrix two = (lyap::Matrix(2, 3) << 1, 2, 3, 4, 5, 6).finished();
  const lyap::Vector one = lyap::Vector::Constant(2, 0.5);
  gathering.tensor("model", "axes", lyap::lend(two));
  gathering.tensor("model", "mean", lyap::lend(one));
  gathering.tensor("other", "axes", lyap::lend(one));
  gathering.tensor("other", "axes", lyap::lend(two));  // the last one counts
  gathering.note("model", "format", "1");
  gathering.note("model", "format", "2");
  gathering.note("", "table", "for people");
  const lyap::MatrixOf<float> narrow = two.cast<float>();
  CHECK_THROWS_WITH(gathering.tensor("model", "narrow", lyap::lend(narrow)),
                    "tensors are kept in float64");
  const Measurement done = gathering.finish();
  REQUIRE(done.files.size() == 2);
  const TensorFile& model = done.files.at("model");
  CHECK(model.tensors.at("axes").shape == std::vector<std::int64_t>{2, 3});
  CHECK(model.tensors.at("axes").to_doubles() == std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK(model.tensors.at("mean").shape == std::vector<std::int64_t>{2, 1});
  CHECK(model.metadata == std::map<std::string, std::string>{{"format", "2"}});
  CHECK(done.files.at("other").tensors.at("axes").shape == std::vector<std::int64_t>{2, 3});
  CHECK(done.notes == std::vector<std::pair<std::string, std::string>>{{"table", "for people"}});
}
