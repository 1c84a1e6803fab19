// tests/framework/plugin/describe_test.cpp - a plugin's own words, laid out for people and
// programs.
#include "plugin/describe.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "../temporary_folder.hpp"
#include "base/file.hpp"
#include "plugin/columns.hpp"

using namespace lyap::framework;

namespace {

namespace fs = std::filesystem;

fs::path put(const TemporaryFolder& folder, const std::string& name) {
  const fs::path file = folder / (name + ".lyap.so");
  fs::copy_file(fs::path(LYAP_BROKEN_DIR) / (name + ".lyap.so"), file);
  return file;
}

}  // namespace

TEST_CASE("a description shows options and ports in straight columns") {
  const TemporaryFolder folder;
  put(folder, "eloquent");
  CHECK(describe(Catalog({folder.path()}).find("eloquent")) ==
        R"(eloquent 1.0.0 - Says everything   analysis   eloquent.lyap.so
  Benettin et al. 1980

  with:
    steps      integer  100       1..1e8         steps  length of the average
    tolerance  real     1e-3      at least 0            when to stop
    sort       boolean  off                             largest first
    state      choice   full      full | hidden         which part of it
    label      text     ''                              shown in the report
    start      path     required                        where to begin
    times      reals    [0, 0.5]  at most 1      s      when to look
    parts      texts    []                              names of parts
  from:  model, data
         directions  direction[state, index]  to begin with
         weights     weight[index]            of the mean (optional)
  gives: spectrum  exponent[index] nats/step  mean over sequences
         dead      count[index]               sequences without that direction
)");
}

TEST_CASE("the description for programs says the same and how the library was made") {
  const TemporaryFolder folder;
  const fs::path file = put(folder, "eloquent");
  const auto json = nlohmann::json::parse(
      describe_json(Catalog({folder.path()}).find(LYAP_ANALYSIS, "eloquent")));
  CHECK(json["id"] == "eloquent");
  CHECK(json["kind"] == "analysis");
  CHECK(json["library"] == file.string());
  CHECK(json["sha256"] == sha256_of_file(file));
  CHECK(json["made_with"]["abi"] == "1.0");
  CHECK(json["made_with"]["compiler"] == "cc");
  REQUIRE(json["options"].size() == 8);
  CHECK(json["options"][0]["high"] == 1e8);
  CHECK(json["options"][1]["high"].is_null());
  CHECK_FALSE(json["options"][2].contains("low"));
  CHECK(json["options"][3]["choices"] == nlohmann::json({"full", "hidden"}));
  CHECK(json["options"][5]["default"].is_null());
  CHECK(json["options"][5]["required"] == true);
  REQUIRE(json["ports"].size() == 6);
  CHECK(json["ports"][0]["role"] == "model");
  CHECK_FALSE(json["ports"][0].contains("quantity"));
  CHECK(json["ports"][4]["axes"] == nlohmann::json({"index"}));
  CHECK(json["ports"][4]["unit"] == "nats/step");
}

TEST_CASE("the list of plugins shows those of each kind and the refused with their reasons") {
  const TemporaryFolder folder;
  put(folder, "eloquent");
  put(folder, "plain");
  const fs::path broken = put(folder, "wrong_major");
  const Catalog catalog({folder.path()});
  CHECK(list(catalog) == R"(cells
  plain  1.0.0  A cell in plain C  plain.lyap.so
analyses
  eloquent  1.0.0  Says everything  eloquent.lyap.so
refused
  )" + broken.string() +
                             "\n    speaks plugin ABI 2, and this lyap speaks plugin ABI 1; "
                             "rebuild it against this lyap's SDK\n");
  const auto json = nlohmann::json::parse(list_json(catalog));
  CHECK(json["folders"] == nlohmann::json({folder.path().string()}));
  REQUIRE(json["plugins"].size() == 2);
  CHECK(json["plugins"][1]["id"] == "eloquent");
  REQUIRE(json["refused"].size() == 1);
  CHECK(json["refused"][0]["file"] == broken.string());
}

TEST_CASE("an empty search path lists as a sentence") {
  const TemporaryFolder folder;
  CHECK(list(Catalog({folder.path()})) ==
        "no plugins in " + folder.path().string() +
            "; name the folder of yours with --plugins or in LYAP_PLUGIN_PATH\n");
}

TEST_CASE("columns count characters and not bytes") {
  CHECK(columns({{"é", "1"}, {"ab", "2"}}, "- ") == "- é   1\n  ab  2\n");
}
