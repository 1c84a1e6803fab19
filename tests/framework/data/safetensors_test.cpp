// tests/framework/data/safetensors_test.cpp - every dtype, exact round trips, each flaw.
#include "data/safetensors.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "../temporary_folder.hpp"
#include "base/error.hpp"
#include "base/file.hpp"

using namespace lyap::framework;

namespace {

// A file with this header and data, as the format's description lays it out.
std::string file_of(const std::string& header, const std::string& data) {
  const auto length = std::bit_cast<std::array<char, 8>>(std::uint64_t{header.size()});
  return std::string(length.data(), 8) + header + data;
}

template <class Number>
std::string bytes_of(const std::vector<Number>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number)};
}

std::string one_tensor(const std::string& dtype, const std::string& shape,
                       const std::string& data) {
  return file_of(R"({"x":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":[0,)" +
                     std::to_string(data.size()) + "]}}",
                 data);
}

// The sentence with which the bytes are refused, after the file's name.
std::string complaint_about(const std::string& bytes) {
  const TemporaryFolder folder;
  const std::string path = folder.file("model.safetensors", bytes);
  try {
    read_safetensors(path);
  } catch (const InputError& refusal) {
    const std::string sentence = refusal.what(), start = "'" + path + "' ";
    REQUIRE(sentence.starts_with(start));
    return sentence.substr(start.size());
  }
  return "(accepted)";
}

Tensor read_one(const std::string& bytes) {
  const TemporaryFolder folder;
  return read_safetensors(folder.file("model.safetensors", bytes)).tensors.at("x");
}

TensorFile small_model() {
  const std::vector<double> wide = {0.1, -2, 1e300};
  const std::vector<float> narrow = {0.5f, 3};
  const std::vector<std::int64_t> whole = {-7};
  return {{{"cell.bias", Tensor::of({3}, std::span(wide))},
           {"cell.gain", Tensor::of({1, 2}, std::span(narrow))},
           {"epoch", Tensor::of({}, std::span(whole))}},
          {{"seed", "7"}, {"cell", "lstm"}}};
}

}  // namespace

TEST_CASE("floating-point tensors of every width are widened exactly") {
  using Doubles = std::vector<double>;
  CHECK(read_one(one_tensor("F64", "[2]", bytes_of<double>({0.1, -1e300}))).to_doubles() ==
        Doubles{0.1, -1e300});
  CHECK(read_one(one_tensor("F32", "[2]", bytes_of<float>({0.1f, -1e30f}))).to_doubles() ==
        Doubles{0.1f, -1e30f});
  // 1, -2, the largest, the smallest normal, the smallest of all, 1/3 rounded (Wikipedia, binary16)
  CHECK(read_one(one_tensor("F16", "[6]",
                            bytes_of<std::uint16_t>({0x3c00, 0xc000, 0x7bff, 0x0400, 1, 0x3555})))
            .to_doubles() ==
        Doubles{1, -2, 65504, std::ldexp(1.0, -14), std::ldexp(1.0, -24), 0.333251953125});
  CHECK(read_one(one_tensor("BF16", "[3]", bytes_of<std::uint16_t>({0x3f80, 0xc049, 0x7f7f})))
            .to_doubles() == Doubles{1, -3.140625, std::ldexp(255.0, 120)});
}

TEST_CASE("half floats keep infinity and NaN, so that whoever uses them can refuse them") {
  const std::vector<double> values =
      read_one(one_tensor("F16", "[3]", bytes_of<std::uint16_t>({0x7c00, 0xfc00, 0x7e00})))
          .to_doubles();
  CHECK(values[0] == std::numeric_limits<double>::infinity());
  CHECK(values[1] == -std::numeric_limits<double>::infinity());
  CHECK(std::isnan(values[2]));
}

TEST_CASE("integer tensors are read as integers and as doubles") {
  using Integers = std::vector<std::int64_t>;
  const std::int64_t large = (std::int64_t{1} << 62) + 1;
  CHECK(read_one(one_tensor("I64", "[2]", bytes_of<std::int64_t>({-3, large}))).to_integers() ==
        Integers{-3, large});
  CHECK(read_one(one_tensor("I32", "[2]", bytes_of<std::int32_t>({-3, 70000}))).to_integers() ==
        Integers{-3, 70000});
  CHECK(read_one(one_tensor("U8", "[2]", bytes_of<std::uint8_t>({0, 255}))).to_integers() ==
        Integers{0, 255});
  const Tensor flags = read_one(one_tensor("BOOL", "[2]", bytes_of<std::uint8_t>({0, 1})));
  CHECK(flags.to_integers() == Integers{0, 1});
  CHECK(flags.to_doubles() == std::vector<double>{0, 1});
  const std::vector<double> third = {1.0 / 3};
  CHECK_THROWS_WITH_AS(Tensor::of({1}, std::span(third)).to_integers(),
                       "a tensor of dtype F64 does not hold integers", Error);
}

TEST_CASE("elements are in storage order, the last index fastest") {
  const Tensor matrix = read_one(one_tensor("F32", "[2,3]", bytes_of<float>({1, 2, 3, 4, 5, 6})));
  CHECK(matrix.shape == std::vector<std::int64_t>{2, 3});
  CHECK(matrix.count() == 6);
  for (int i = 0; i < 6; ++i) CHECK(matrix.at(i) == i + 1);
}

TEST_CASE("a tensor may be a single number or have no elements at all") {
  const Tensor number = read_one(one_tensor("F64", "[]", bytes_of<double>({2.5})));
  CHECK(number.count() == 1);
  CHECK(number.at(0) == 2.5);
  CHECK(read_one(one_tensor("F64", "[0,3]", "")).to_doubles().empty());
}

TEST_CASE("what is written is read back, and the same contents give the same bytes") {
  const TemporaryFolder folder;
  const TensorFile model = small_model();
  write_safetensors(folder / "one", model);
  write_safetensors(folder / "other", model);
  CHECK(read_file(folder / "one") == read_file(folder / "other"));

  const TensorFile again = read_safetensors(folder / "one");
  CHECK(again.metadata == model.metadata);
  REQUIRE(again.tensors.size() == 3);
  for (const auto& [name, tensor] : model.tensors) {
    CHECK(again.tensors.at(name).dtype == tensor.dtype);
    CHECK(again.tensors.at(name).shape == tensor.shape);
    CHECK(again.tensors.at(name).bytes == tensor.bytes);
  }
}

TEST_CASE("the header is followed by the data at a multiple of eight, wide elements first") {
  const TemporaryFolder folder;
  write_safetensors(folder / "model", small_model());
  const std::string bytes = read_file(folder / "model");
  const std::string header = R"({"__metadata__":{"cell":"lstm","seed":"7"},)"
                             R"("cell.bias":{"dtype":"F64","shape":[3],"data_offsets":[0,24]},)"
                             R"("epoch":{"dtype":"I64","shape":[],"data_offsets":[24,32]},)"
                             R"("cell.gain":{"dtype":"F32","shape":[1,2],"data_offsets":[32,40]}})";
  CHECK(bytes.substr(8, header.size()) == header);
  CHECK(static_cast<unsigned char>(bytes[0]) % 8 == 0);
  CHECK(bytes.ends_with(bytes_of<double>({0.1, -2, 1e300}) + bytes_of<std::int64_t>({-7}) +
                        bytes_of<float>({0.5f, 3})));
}

TEST_CASE("a file without tensors is a file") {
  const TemporaryFolder folder;
  write_safetensors(folder / "none", {});
  CHECK(read_safetensors(folder / "none").tensors.empty());
}

TEST_CASE("a tensor that is asked for and not there is named, with the nearest that is") {
  CHECK_THROWS_WITH_AS(small_model().tensor("cell.bais", "m.safetensors"),
                       "'m.safetensors' has no tensor 'cell.bais'; did you mean 'cell.bias'?",
                       InputError);
  CHECK_THROWS_WITH_AS(small_model().tensor("weight_hh_l0", "m.safetensors"),
                       "'m.safetensors' has no tensor 'weight_hh_l0'", InputError);
}

TEST_CASE("what is not a safetensors file is told from what is one") {
  CHECK(complaint_about("") == "is empty; a safetensors file is needed");
  CHECK(complaint_about("{}") == "is not a safetensors file");
  CHECK(complaint_about("a text of some length") == "is not a safetensors file");
  const std::string pytorch =
      "is not a safetensors file but, by its first bytes, a PyTorch .pt file; export it in Python "
      "with safetensors.torch.save_file(model.state_dict(), 'model.safetensors')";
  CHECK(complaint_about("PK\x03\x04 and what follows in a zip archive") == pytorch);
  CHECK(complaint_about("\x80\x02 and what follows in a pickle") == pytorch);
  const TemporaryFolder folder;
  CHECK_THROWS_AS(read_safetensors(folder.path()), InputError);
  CHECK_THROWS_AS(read_safetensors(folder / "missing"), InputError);
}

TEST_CASE("a header that is longer than the file or no JSON is refused") {
  const std::string whole = one_tensor("U8", "[2]", "ab");
  CHECK(complaint_about(whole.substr(0, 30)) ==
        "is cut short, or not a safetensors file: its header should have 53 bytes, but only 22 "
        "follow");
  CHECK(complaint_about(std::string(8, '\xff') + "{}") ==
        "is cut short, or not a safetensors file: its header should have 18446744073709551615 "
        "bytes, but only 2 follow");
  CHECK(complaint_about(file_of("{\"x\":,}", "")) ==
        "has a damaged header: no valid JSON at byte 14");
  CHECK(complaint_about(file_of("{\"\xff\":1}", "")).starts_with("has a damaged header"));
  CHECK(complaint_about(file_of("{" + std::string(100'000, '['), ""))
            .starts_with("has a damaged header"));
  CHECK(complaint_about(file_of("{\"x\":" + std::string(100'000, '['), ""))
            .starts_with("has a damaged header"));
}

TEST_CASE("a name that is given twice is refused") {
  CHECK(complaint_about(file_of(R"({"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                                R"("x":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
                                "ab")) == "has 'x' twice in its header");
  CHECK(complaint_about(file_of(
            R"({"x":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}})", "a")) ==
        "has 'dtype' twice in its header");
}

TEST_CASE("a tensor that is not fully or not sensibly described is refused by name") {
  const std::string incomplete =
      "describes tensor 'x' without just a dtype, a shape and two data_offsets";
  for (const char* entry : {"3", "null", "{}", "[]", R"({"dtype":"U8","shape":[1]})",
                            R"({"dtype":8,"shape":[1],"data_offsets":[0,1]})",
                            R"({"dtype":"U8","shape":1,"data_offsets":[0,1]})",
                            R"({"dtype":"U8","shape":[1],"data_offsets":[0]})",
                            R"({"dtype":"U8","shape":[1],"data_offsets":[0,1],"more":1})"})
    CHECK(complaint_about(file_of(std::string("{\"x\":") + entry + "}", "a")) == incomplete);
  const std::string no_size = "describes tensor 'x' with a number that is not a size";
  for (const char* shape : {"[-1]", "[1.0]", "[\"1\"]", "[18446744073709551615]", "[null]"})
    CHECK(complaint_about(one_tensor("U8", shape, "a")) == no_size);
  CHECK(complaint_about(one_tensor("U8", "[4611686018427387904,4]", "a")) ==
        "has tensor 'x' of an impossible size");
  CHECK(complaint_about(one_tensor("C64", "[1]", "abcdefgh")) ==
        "has tensor 'x' of dtype 'C64'; F64, F32, F16, BF16, I64, I32, U8 and BOOL can be read");
  CHECK(complaint_about(file_of(R"({"__metadata__":{"epoch":3}})", "")) ==
        "has a damaged header: 'epoch' in __metadata__ is not a text");
  CHECK(complaint_about(file_of(R"({"__metadata__":[]})", "")) ==
        "has a damaged header: __metadata__ is not an object");
}

TEST_CASE("offsets must agree with the shape, with each other and with the file") {
  const auto two = [](const char* first, const char* second) {
    return std::string(R"({"x":{"dtype":"U8","shape":[2],"data_offsets":)") + first +
           R"(},"y":{"dtype":"U8","shape":[2],"data_offsets":)" + second + "}}";
  };
  CHECK(complaint_about(one_tensor("F32", "[2]", "abcd")) ==
        "gives tensor 'x' bytes 0 to 4, but its shape and dtype need 8 bytes");
  CHECK(complaint_about(file_of(two("[2,0]", "[2,4]"), "abcd")) ==
        "gives tensor 'x' bytes 2 to 0, but its shape and dtype need 2 bytes");
  CHECK(complaint_about(file_of(two("[0,2]", "[2,4]"), "abc")) ==
        "is cut short: tensor 'y' ends at byte 4 of the data, but there are 3");
  CHECK(complaint_about(file_of(two("[0,2]", "[1,3]"), "abcd")) ==
        "gives tensors 'x' and 'y' the same bytes");
  CHECK(complaint_about(file_of(two("[0,2]", "[3,5]"), "abcde")) ==
        "leaves 1 bytes unused before tensor 'y'");
  CHECK(complaint_about(file_of(two("[2,4]", "[0,2]"), "abcdef")) ==
        "has 2 bytes behind its last tensor");
  CHECK(complaint_about(file_of(two("[2,4]", "[0,2]"), "abcd")) == "(accepted)");
}

TEST_CASE("a safetensors file cut at any byte is refused") {
  const TemporaryFolder folder;
  write_safetensors(folder / "model", small_model());
  const std::string whole = read_file(folder / "model");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    CHECK_THROWS_AS(read_safetensors(folder.file("cut", whole.substr(0, length))), InputError);
  }
}

TEST_CASE("a safetensors file with any one byte changed is read or refused, never worse") {
  const TemporaryFolder folder;
  write_safetensors(folder / "model", small_model());
  const std::string whole = read_file(folder / "model");
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const char changed : {'\0', '"', '9', '\xff', static_cast<char>(whole[at] ^ 1)}) {
      std::string bytes = whole;
      bytes[at] = changed;
      try {
        for (const auto& [name, tensor] : read_safetensors(folder.file("changed", bytes)).tensors)
          CHECK(std::ssize(tensor.to_doubles()) == tensor.count());
      } catch (const InputError&) {
      }
    }
}
