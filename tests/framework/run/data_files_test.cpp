// tests/framework/run/data_files_test.cpp - files read once, whole or in parts, and lent to
// plugins.
#include "run/data_files.hpp"

#include <doctest/doctest.h>

#include <lyap/lyap.hpp>

#include "../temporary_folder.hpp"
#include "base/error.hpp"
#include "data/safetensors.hpp"
#include "run/host.hpp"

using namespace lyap::framework;

namespace {

using Doubles = std::vector<double>;

std::filesystem::path stored(const TemporaryFolder& folder) {
  TensorFile file;
  file.tensors["axes"] = Tensor::of({2, 3}, Doubles{1, 2, 3, 4, 5, 6});
  file.tensors["mean"] = Tensor::of({2}, std::vector<float>{0.5F, -0.25F});
  file.tensors["one"] = Tensor::of({}, Doubles{7});
  file.tensors["none"] = Tensor::of({0, 3}, Doubles{});
  file.metadata = {{"format", "test 1"}, {"name", "s\u00fcrpri\u00df\n"}, {"empty", ""}};
  write_safetensors(folder / "kept.safetensors", file);
  return folder / "kept.safetensors";
}

/// The plugin's side of it.
struct Lending {
  explicit Lending(bool shared) {
    surroundings.folders = &folders;
    if (shared) surroundings.files = std::make_shared<DataFiles>();
  }
  lyap::Host host() { return lyap::Host(lent.lent()); }

  DataFolders folders{{}};
  Surroundings surroundings;
  LentHost lent{surroundings, "test"};
};

template <class F>
std::string said(F&& f) {
  try {
    f();
  } catch (const std::exception& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a file is read once: whoever asks again gets the same, even when it has changed") {
  const TemporaryFolder folder;
  const auto text = folder.file("a.txt", "first");
  DataFiles files;
  const auto once = files.read(text, LYAP_FILE_TEXT);
  folder.file("a.txt", "second");
  CHECK(files.read(text, LYAP_FILE_TEXT) == once);
  CHECK(once->shape == std::vector<std::int64_t>{5});
  CHECK(once->path == text.string());
  CHECK(DataFiles().read(text, LYAP_FILE_TEXT)->shape == std::vector<std::int64_t>{6});

  const auto path = stored(folder);
  const auto axes = files.read(path, LYAP_FILE_TENSOR, "axes");
  std::filesystem::remove(path);
  CHECK(files.read(path, LYAP_FILE_TENSOR, "axes") == axes);
  CHECK(files.read(path, LYAP_FILE_TENSOR, "mean") != axes);  // came with the same reading
  CHECK(files.read(path, LYAP_FILE_NOTE, "format")->shape == std::vector<std::int64_t>{6});
}

TEST_CASE("tensors and entries of the metadata are told apart, also when they have one name") {
  const TemporaryFolder folder;
  TensorFile file;
  file.tensors["name"] = Tensor::of({1}, Doubles{3});
  file.metadata["name"] = "word";
  write_safetensors(folder / "kept.safetensors", file);
  DataFiles files;
  const auto tensor = files.read(folder / "kept.safetensors", LYAP_FILE_TENSOR, "name");
  const auto note = files.read(folder / "kept.safetensors", LYAP_FILE_NOTE, "name");
  CHECK(std::get<Doubles>(tensor->contents) == Doubles{3});
  CHECK(std::get<std::vector<char32_t>>(note->contents).size() == 4);
}

TEST_CASE("a plugin reads tensors as matrices and entries as they were written") {
  const TemporaryFolder folder;
  const std::string path = stored(folder).string();
  for (const bool shared : {false, true}) {
    Lending lending(shared);
    const lyap::Host host = lending.host();
    lyap::Matrix axes(2, 3), mean(2, 1);
    axes << 1, 2, 3, 4, 5, 6;
    mean << 0.5, -0.25;
    CHECK(host.read_tensor(path, "axes") == axes);
    CHECK(host.read_tensor(path, "mean") == mean);
    CHECK(host.read_tensor(path, "one") == lyap::Matrix::Constant(1, 1, 7));
    CHECK(host.read_tensor(path, "none").size() == 0);
    CHECK(host.read_note(path, "format") == "test 1");
    CHECK(host.read_note(path, "name") == "s\u00fcrpri\u00df\n");
    CHECK(host.read_note(path, "empty") == "");
  }
}

TEST_CASE("parts that are not there are refused, with what there is") {
  const TemporaryFolder folder;
  const std::string path = stored(folder).string();
  for (const bool shared : {false, true}) {
    Lending lending(shared);
    const lyap::Host host = lending.host();
    CHECK(said([&] { host.read_tensor(path, "axis"); }) ==
          "'" + path + "' has no tensor 'axis'; did you mean 'axes'?");
    CHECK(said([&] { host.read_note(path, "axes"); }) ==
          path + ": its metadata has no entry 'axes'; it was not written by this analysis");
    CHECK(said([&] { host.read_tensor(path + "x", "axes"); }) != "");
    CHECK(said([&] { host.read_note(folder.file("no.safetensors", "no").string(), "a"); }) != "");
  }
}
