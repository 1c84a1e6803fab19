// tests/framework/data/npy_test.cpp - numpy's own bytes are read, what is written is numpy's bytes.
#include "data/npy.hpp"

#include <doctest/doctest.h>

#include "../temporary_folder.hpp"
#include "base/error.hpp"
#include "base/file.hpp"

using namespace lyap::framework;

namespace {

using Shape = std::vector<std::int64_t>;
using Doubles = std::vector<double>;

template <class Number>
std::string bytes_of(const std::vector<Number>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number)};
}

// A file as numpy.save lays it out: magic, format, length of the header, header, data.
std::string file_of(const std::string& header, const std::string& data, int format = 1) {
  const auto size = static_cast<std::uint32_t>(header.size() + 1);
  std::string length;
  for (int i = 0; i < (format == 1 ? 2 : 4); ++i) length += static_cast<char>(size >> 8 * i);
  return "\x93NUMPY" + std::string{static_cast<char>(format), '\0'} + length + header + "\n" + data;
}

std::string header_of(const std::string& descr, const std::string& shape,
                      const std::string& fortran = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }  ";
}

Array read(const std::string& bytes) {
  const TemporaryFolder folder;
  return read_npy(folder.file("x.npy", bytes));
}

// The sentence with which the bytes are refused, after the file's name.
std::string complaint_about(const std::string& bytes) {
  const TemporaryFolder folder;
  const std::string path = folder.file("x.npy", bytes);
  try {
    read_npy(path);
  } catch (const InputError& refusal) {
    const std::string sentence = refusal.what(), start = "'" + path + "' ";
    REQUIRE(sentence.starts_with(start));
    return sentence.substr(start.size());
  }
  return "(accepted)";
}

}  // namespace

TEST_CASE("real numbers, integers and booleans of every width are read as doubles") {
  const auto values = [](const std::string& descr, const std::string& data) {
    return read(file_of(header_of(descr, "(2,)"), data)).values;
  };
  CHECK(values("<f8", bytes_of<double>({0.1, -1e300})) == Doubles{0.1, -1e300});
  CHECK(values("<f4", bytes_of<float>({0.1f, -2})) == Doubles{0.1f, -2});
  CHECK(values("<i8", bytes_of<std::int64_t>({-3, 1LL << 52})) == Doubles{-3, 4503599627370496});
  CHECK(values("<i4", bytes_of<std::int32_t>({-3, 70000})) == Doubles{-3, 70000});
  CHECK(values("<i2", bytes_of<std::int16_t>({-3, 300})) == Doubles{-3, 300});
  CHECK(values("|i1", bytes_of<std::int8_t>({-3, 127})) == Doubles{-3, 127});
  CHECK(values("<u8", bytes_of<std::uint64_t>({3, 1ULL << 63})) ==
        Doubles{3, 9223372036854775808.0});
  CHECK(values("<u4", bytes_of<std::uint32_t>({3, 4000000000})) == Doubles{3, 4e9});
  CHECK(values("<u2", bytes_of<std::uint16_t>({3, 65535})) == Doubles{3, 65535});
  CHECK(values("|u1", bytes_of<std::uint8_t>({3, 255})) == Doubles{3, 255});
  CHECK(values("|b1", bytes_of<std::uint8_t>({0, 1})) == Doubles{0, 1});
}

TEST_CASE("an array in Fortran order is turned so that its last index is the fastest") {
  // numpy.asfortranarray([[0, 1, 2], [3, 4, 5]])
  const Array matrix =
      read(file_of(header_of("<f4", "(2, 3)", "True"), bytes_of<float>({0, 3, 1, 4, 2, 5})));
  CHECK(matrix.shape == Shape{2, 3});
  CHECK(matrix.values == Doubles{0, 1, 2, 3, 4, 5});
  // element [i, j, k] = 100 i + 10 j + k, first index fastest in the file
  std::vector<std::int32_t> stored;
  Doubles expected;
  for (int k = 0; k < 4; ++k)
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 2; ++i) stored.push_back(100 * i + 10 * j + k);
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 4; ++k) expected.push_back(100 * i + 10 * j + k);
  CHECK(read(file_of(header_of("<i4", "(2, 3, 4)", "True"), bytes_of(stored))).values == expected);
}

TEST_CASE("an array may be a single number or empty") {
  const Array number = read(file_of(header_of("<f8", "()"), bytes_of<double>({2.5})));
  CHECK(number.shape.empty());
  CHECK(number.values == Doubles{2.5});
  const Array empty = read(file_of(header_of("<f8", "(2, 0)", "True"), ""));
  CHECK(empty.shape == Shape{2, 0});
  CHECK(empty.values.empty());
}

TEST_CASE("formats 2 and 3 differ from 1 only in the length of their header") {
  const std::string header = header_of("<f8", "(1,)"), data = bytes_of<double>({7});
  for (const int format : {1, 2, 3})
    CHECK(read(file_of(header, data, format)).values == Doubles{7});
  CHECK(complaint_about(file_of(header, data, 4)) ==
        "is a .npy file of format 4; 1, 2 and 3 can be read");
}

TEST_CASE("the keys of the header may come in any order and with other blanks") {
  const std::string data = bytes_of<double>({7, 8});
  CHECK(read(file_of("{\"shape\":(2),'fortran_order':False,\n'descr':\"<f8\"}", data)).values ==
        Doubles{7, 8});
}

TEST_CASE("what is written are the bytes that numpy.save writes, and they are read back") {
  const TemporaryFolder folder;
  const Doubles values = {0, 1, 2, 3, 4, 5};
  write_npy(folder / "x.npy", {2, 3}, std::span(values));
  const std::string bytes = read_file(folder / "x.npy");
  const std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }";
  CHECK(bytes == std::string("\x93NUMPY\x01\x00v\x00", 10) + header +
                     std::string(117 - header.size(), ' ') + "\n" + bytes_of(values));
  const Array again = read_npy(folder / "x.npy");
  CHECK(again.shape == Shape{2, 3});
  CHECK(again.values == values);

  const std::vector<float> floats = {0.5f, -2};
  write_npy(folder / "f.npy", {2}, std::span(floats));
  CHECK(read_file(folder / "f.npy").find("'<f4', 'fortran_order': False, 'shape': (2,), }") == 20);
  CHECK(read_npy(folder / "f.npy").values == Doubles{0.5, -2});
  const std::vector<std::int64_t> integer = {-9};
  write_npy(folder / "i.npy", {}, std::span(integer));
  CHECK(read_file(folder / "i.npy").find("'<i8', 'fortran_order': False, 'shape': (), }") == 20);
  CHECK(read_npy(folder / "i.npy").values == Doubles{-9});
}

TEST_CASE("what is not a .npy file is refused with what it is") {
  CHECK(complaint_about("") == "is empty; a .npy file is needed");
  CHECK(complaint_about("1.0 2.0 3.0") == "is not a .npy file; numpy.save writes one");
  CHECK(
      complaint_about("PK\x03\x04 and more") ==
      "is not a .npy file but an archive of several (.npz); save the one array that is meant with "
      "numpy.save");
}

TEST_CASE("elements that are no real numbers of this machine's order are refused") {
  const std::string data(16, '\0');
  CHECK(complaint_about(file_of(header_of(">f8", "(2,)"), data)) ==
        "holds big-endian numbers ('>f8'); convert it in Python with "
        "array.astype(array.dtype.newbyteorder('<'))");
  const std::string needed = "; real numbers are needed, float32 or float64, integers or booleans";
  for (const char* descr : {"<c16", "|O", "<U4", "|S8", "<M8[ns]", "<f2", "", "f8"})
    CHECK(complaint_about(file_of(header_of(descr, "(1,)"), data)) ==
          "holds elements of type '" + std::string(descr) + "'" + needed);
  CHECK(complaint_about(file_of(
            "{'descr': [('a', '<f8'), ('b', '<i8')], 'fortran_order': False, 'shape': (1,), }",
            data)) == "holds elements of type '[('a', '<f8'), ('b', '<i8')]'" + needed);
}

TEST_CASE("a header that is not numpy's dictionary is refused") {
  for (const char* header :
       {"", "{}", "[1, 2]", "{'descr': '<f8'}", "{'descr': '<f8', 'fortran_order': False}",
        "{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1 1)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': 1}",
        "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': ()}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (), 'more': 1}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': ()} x", "{'descr: <f8", "{'descr': [[[",
        "{'descr': ]", "{'descr': '<f8', 'fortran_order': False, 'shape': ("}) {
    CAPTURE(std::string(header));
    CHECK(complaint_about(file_of(header, "12345678")) == "has a damaged header");
  }
}

TEST_CASE("the data must be as many bytes as the shape says") {
  CHECK(complaint_about(file_of(header_of("<f8", "(2, 3)"), std::string(40, 'x'))) ==
        "is cut short: its shape needs 48 bytes, but there are 40");
  CHECK(complaint_about(file_of(header_of("<f8", "(2,)"), std::string(17, 'x'))) ==
        "has 1 bytes behind its last element");
  CHECK(complaint_about(file_of(header_of("<f8", "(4611686018427387904, 4)"), "")) ==
        "has an impossible shape in its header");
  CHECK(complaint_about(file_of(header_of("<f8", "(99999999999999999999,)"), "")) ==
        "has a damaged header");
}

TEST_CASE("a .npy file cut at any byte is refused") {
  const TemporaryFolder folder;
  const std::string whole = file_of(header_of("<f8", "(2,)"), bytes_of<double>({1, 2}));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    CHECK_THROWS_AS(read_npy(folder.file("cut", whole.substr(0, length))), InputError);
  }
  CHECK(read_npy(folder.file("whole", whole)).values == Doubles{1, 2});
}

TEST_CASE("a .npy file with any one byte changed is read or refused, never worse") {
  const TemporaryFolder folder;
  const std::string whole = file_of(header_of("<f4", "(2, 3)", "True"), std::string(24, 'x'));
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const char changed : {'\0', '\'', '9', '(', '\xff', static_cast<char>(whole[at] ^ 1)}) {
      std::string bytes = whole;
      bytes[at] = changed;
      try {
        read_npy(folder.file("changed", bytes));
      } catch (const InputError&) {
      }
    }
}
