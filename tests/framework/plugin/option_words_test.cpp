// tests/framework/plugin/option_words_test.cpp - words become values, or sentences.
#include "plugin/option_words.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "base/error.hpp"
#include "plugin/identifier.hpp"

using namespace lyap::framework;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
const char* const orders[] = {"rows", "pixels", nullptr};
const lyap_option units{"units", "hidden units", "", "64", nullptr, 1, 8192, LYAP_INTEGER, 0};
const lyap_option rate{"rate", "step size", "", "1e-3", nullptr, 0, inf, LYAP_REAL, 0};
const lyap_option bias{"bias", "with bias", "", "yes", nullptr, -inf, inf, LYAP_BOOLEAN, 0};
const lyap_option order{"order", "of pixels", "", "rows", orders, -inf, inf, LYAP_CHOICE, 0};
const lyap_option file{"file", "the text", "", nullptr, nullptr, -inf, inf, LYAP_PATH, 0};
const lyap_option times{"times", "when", "", "[1, 2.5]", nullptr, 0, 10, LYAP_REALS, 0};
const lyap_option names{"names", "who", "", "", nullptr, -inf, inf, LYAP_TEXTS, 0};

std::string sentence(const std::map<std::string, OptionWords>& given) {
  const lyap_option options[] = {units, file};
  try {
    CreateValues("cell 'rank1'", options, given);
    return "accepted";
  } catch (const InputError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("values come in the order of the options, completed by the defaults") {
  const lyap_option options[] = {units, rate, bias, order, file, times, names};
  const CreateValues made("task 'x'", options,
                          {{"units", std::string("1e3")},
                           {"file", std::string("/a/../b.txt")},
                           {"names", std::vector<std::string>{"p", "q"}}});
  const auto values = made.values();
  REQUIRE(values.size() == 7);
  CHECK(std::string(values[0].name) == "units");
  CHECK(values[0].integer == 1000);
  CHECK(values[0].real == 1000);
  CHECK(values[1].real == 1e-3);
  CHECK(std::string(values[1].text) == "1e-3");
  CHECK(values[2].integer == 1);
  CHECK(std::string(values[3].text) == "rows");
  CHECK(std::string(values[4].text) == "/b.txt");
  REQUIRE(values[5].count == 2);
  CHECK(values[5].reals[1] == 2.5);
  REQUIRE(values[6].count == 2);
  CHECK(std::string(values[6].texts[1]) == "q");
}

TEST_CASE("an option that cannot be is a sentence that names it") {
  CHECK(sentence({{"unit", std::string("5")}}) ==
        "cell 'rank1' has no option 'unit'; did you mean 'units'?");
  CHECK(sentence({}) == "cell 'rank1' needs option 'file' (the text)");
  CHECK(sentence({{"units", std::string("0")}}) == "option 'units' is 0, and its range is 1..8192");
  CHECK(sentence({{"units", std::string("2.5")}}) ==
        "option 'units' is '2.5', and it must be an integer");
  CHECK(sentence({{"units", std::vector<std::string>{"1", "2"}}}) ==
        "option 'units' takes one value, and a list of 2 is given");
  CHECK(mistake_in(rate, std::string("-1")) == "option 'rate' is -1, and its range is at least 0");
  CHECK(mistake_in(rate, std::string("fast")) ==
        "option 'rate' is 'fast', and it must be a number");
  CHECK(mistake_in(bias, std::string("maybe")) ==
        "option 'bias' is 'maybe', and it must be true or false");
  CHECK(mistake_in(order, std::string("pixel")) ==
        "option 'order' is 'pixel', and it must be one of rows, pixels; did you mean 'pixels'?");
  CHECK(mistake_in(times, option_words(times, "[1, 11]")) ==
        "option 'times' is 11, and its range is 0..10");
}

TEST_CASE("ids are snake_case words or reverse domain names") {
  for (const char* good : {"rnn", "char_rnn", "rank1", "a_1_b"}) CHECK(is_snake_case(good));
  for (const char* bad : {"", "Rnn", "1rnn", "_a", "a_", "a__b", "a-b", "a b", "a.b"})
    CHECK_FALSE(is_snake_case(bad));
  for (const char* good : {"org.example.my-cell", "a.b", "org.x1.c_d"})
    CHECK(is_reverse_domain(good));
  for (const char* bad : {"org", ".org", "org.", "org..x", "org.Example", "org.1x", "a.-b"})
    CHECK_FALSE(is_reverse_domain(bad));
}
