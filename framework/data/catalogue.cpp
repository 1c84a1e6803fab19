// framework/data/catalogue.cpp - known data sets: which files belong to one, and whether they are
// there.
#include "data/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/sha256.hpp"
#include "data/gzip.hpp"

namespace lyap::framework {
namespace fs = std::filesystem;
namespace {

constexpr std::array<const char*, 2> endings = {"", ".gz"};

bool is_packed(const fs::path& path) {
  OpenFile file = OpenFile::to_read(path);
  std::array<char, 2> first{};
  return file.read(first) == 2 && first[0] == '\x1f' && first[1] == '\x8b';
}

/// Of `stem` as it is and packed, the one that is a file.
fs::path as_it_is_or_packed(const fs::path& stem) {
  for (const char* ending : endings) {
    fs::path path = stem;
    path += ending;
    std::error_code unreadable;
    if (fs::is_regular_file(path, unreadable)) return path;
  }
  return {};
}

bool has_a_name_of_its_own(const DataSet& set, const CatalogueFile& file) {
  const fs::path name = fs::path(file.path).filename();
  return std::count_if(set.files.begin(), set.files.end(), [&](const CatalogueFile& other) {
           return fs::path(other.path).filename() == name;
         }) == 1;
}

/// Its place when complete; the folders above it are made.
fs::path prepared_place(const fs::path& folder, const CatalogueFile& file, bool packed) {
  const fs::path place = folder / (file.path + (packed ? ".gz" : ""));
  std::error_code failure;
  fs::create_directories(place.parent_path(), failure);
  if (failure)
    throw InputError(fmt::format(
        "the folder '{}' cannot be made: {}; name another data folder with --data or LYAP_DATA",
        place.parent_path().string(), failure.message()));
  return place;
}

}  // namespace

std::int64_t DataSet::bytes() const {
  std::int64_t sum = 0;
  for (const CatalogueFile& file : files) sum += file.bytes;
  return sum;
}

fs::path place_of(const CatalogueFile& file, const std::vector<fs::path>& folders) {
  for (const fs::path& folder : folders)
    if (fs::path path = as_it_is_or_packed(folder / file.path); !path.empty()) return path;
  return {};
}

FoundFile look_for(const CatalogueFile& file, const std::vector<fs::path>& folders) {
  const fs::path path = place_of(file, folders);
  if (path.empty()) return {};
  return {has_contents_of(path, file) ? FileState::Same : FileState::Other, path};
}

bool has_contents_of(const fs::path& path, const CatalogueFile& file) try {
  const std::string contents = read_plain_or_gzip(path);
  Sha256 hash;
  hash.add(contents);
  return std::ssize(contents) == file.bytes && hash.hexadecimal() == file.sha256;
} catch (const InputError&) {
  return false;
}

fs::path offered(const DataSet& set, const CatalogueFile& file, const fs::path& given) {
  std::error_code unreadable;
  if (fs::is_regular_file(given, unreadable)) return set.files.size() == 1 ? given : fs::path();
  const fs::path path(file.path), inside = path.lexically_relative(*path.begin());
  for (const fs::path& stem : {given / path, given / inside})
    if (fs::path found = as_it_is_or_packed(stem); !found.empty()) return found;
  return has_a_name_of_its_own(set, file) ? as_it_is_or_packed(given / path.filename())
                                          : fs::path();
}

fs::path copy_into(const fs::path& folder, const CatalogueFile& file, const fs::path& source) {
  const fs::path place = prepared_place(folder, file, is_packed(source));
  write_file_atomically(place, read_file(source));
  return place;
}

fs::path rename_into(const fs::path& folder, const CatalogueFile& file, const fs::path& part) {
  const fs::path place = prepared_place(folder, file, is_packed(part));
  std::error_code failure;
  fs::rename(part, place, failure);
  if (failure)
    throw Error(fmt::format("'{}' cannot be written: {}", place.string(), failure.message()));
  return place;
}

fs::path part_of(const fs::path& folder, const CatalogueFile& file) {
  return prepared_place(folder, file, false) += ".part";
}

}  // namespace lyap::framework
