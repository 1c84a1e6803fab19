// tests/framework/base/text_test.cpp - suggestions, strict numbers and exact numbers.
#include "base/text.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace lyap::framework;

TEST_CASE("an edit is a letter inserted, deleted, replaced or swapped with its neighbour") {
  CHECK(edit_distance("units", "units") == 0);
  CHECK(edit_distance("unit", "units") == 1);
  CHECK(edit_distance("unitss", "units") == 1);
  CHECK(edit_distance("umits", "units") == 1);
  CHECK(edit_distance("untis", "units") == 1);
  CHECK(edit_distance("Units", "uNITS") == 0);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("", "") == 0);
}

TEST_CASE("the edit distance is symmetric") {
  for (const char* one : {"ab", "lstm", "warmup", "ca"})
    for (const char* other : {"ba", "mlst", "warm-up", "abc"})
      CHECK(edit_distance(one, other) == edit_distance(other, one));
}

TEST_CASE("the nearest candidate is suggested, and the first of equally near ones") {
  CHECK(did_you_mean("unit", {"dt", "units", "gain"}) == "; did you mean 'units'?");
  CHECK(did_you_mean("step", {"steps", "stop"}) == "; did you mean 'steps'?");
  CHECK(did_you_mean("LSTM", {"gru", "lstm"}) == "; did you mean 'lstm'?");
  CHECK(did_you_mean("orientaton", {"state", "orientation"}) == "; did you mean 'orientation'?");
}

TEST_CASE("nothing is suggested when no candidate is near") {
  CHECK(did_you_mean("frobnicate", {"units", "dt"}).empty());
  CHECK(did_you_mean("x", {"y"}).empty());
  CHECK(did_you_mean("", {"units"}).empty());
  CHECK(did_you_mean("units", {}).empty());
  CHECK(did_you_mean(std::string(10'000'000, 'a'), {"units"}).empty());
}

TEST_CASE("a quoted word cannot break the line it is in") {
  CHECK(quoted("units") == "'units'");
  CHECK(quoted("") == "''");
  CHECK(quoted("a\nb\tc\x1b[2J\x7f") == "'a\\nb\\tc\\x1b[2J\\x7f'");
  CHECK(quoted("Schr\xc3\xb6"
               "dinger") ==
        "'Schr\xc3\xb6"
        "dinger'");
}

TEST_CASE("words are joined with what stands between them") {
  CHECK(join({}).empty());
  CHECK(join({"rnn"}) == "rnn");
  CHECK(join({"rnn", "lstm", "gru"}) == "rnn, lstm, gru");
  CHECK(join({"a", "b"}, " | ") == "a | b");
}

TEST_CASE("an integer is the whole of the text and fits 64 bits") {
  CHECK(parse_integer("0") == 0);
  CHECK(parse_integer("+17") == 17);
  CHECK(parse_integer("-3") == -3);
  CHECK(parse_integer("010") == 10);
  CHECK(parse_integer("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  CHECK(parse_integer("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
  for (const char* text : {"", "+", "-", "+-3", "++3", "--3", " 3", "3 ", "3.0", "1e3", "0x10",
                           "3k", "9223372036854775808", "one"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(parse_integer(text).has_value());
  }
}

TEST_CASE("a real number is the whole of the text and finite") {
  CHECK(parse_real("1e-4") == 1e-4);
  CHECK(parse_real("-.5") == -0.5);
  CHECK(parse_real("3.") == 3.0);
  CHECK(parse_real("+2.5E+2") == 250.0);
  CHECK(parse_real("0.1") == 0.1);
  CHECK(parse_real("1e308") == 1e308);
  for (const char* text : {"", ".", "+", "e5", "1e", "1,5", "1 ", " 1", "0x10", "nan", "-nan",
                           "inf", "-inf", "infinity", "1e400", "1.0.0", "+-1"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(parse_real(text).has_value());
  }
}

TEST_CASE("infinity is a real number only where it is allowed") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(parse_real("inf", Infinity::Allowed) == infinity);
  CHECK(parse_real("-inf", Infinity::Allowed) == -infinity);
  CHECK_FALSE(parse_real("nan", Infinity::Allowed).has_value());
  CHECK_FALSE(parse_real("1e400", Infinity::Allowed).has_value());
}

TEST_CASE("a number is written as the shortest text that reads back as itself") {
  CHECK(shortest(0.1) == "0.1");
  CHECK(shortest(1.0) == "1");
  CHECK(shortest(1e-4) == "1e-04");
  CHECK(shortest(-2.5) == "-2.5");
  CHECK(shortest(0.1f) == "0.1");
  CHECK(shortest(1.0 / 3) == "0.3333333333333333");
  for (const double number : {0.1 + 0.2, 5e-324, 1.7976931348623157e308, std::sqrt(2.0), -0.0})
    if (number > 1e-300 || number == 0) CHECK(*parse_real(shortest(number)) == number);
}
