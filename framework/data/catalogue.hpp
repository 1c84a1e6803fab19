// framework/data/catalogue.hpp - known data sets: which files belong to one, and whether they are
// there.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lyap::framework {

/// A file by its contents, which may lie on the disk, and be downloaded, packed with gzip.
struct CatalogueFile {
  std::string path;        ///< below a data folder: "mnist/train-images-idx3-ubyte"
  std::string url;         ///< where it is downloaded from
  std::int64_t bytes = 0;  ///< unpacked
  std::string sha256;      ///< unpacked, 64 lower-case hexadecimal digits
};

struct DataSet {
  std::string name, about, licence, source;
  std::string differs;  ///< how what the URLs give differs from these files; "" when it does not
  std::vector<CatalogueFile> files;

  std::int64_t bytes() const;
};

enum class FileState { Absent, Same, Other };

/// Where a file lies; the path is empty when it is absent.
struct FoundFile {
  FileState state = FileState::Absent;
  std::filesystem::path path;
};

/// The first of the data folders that has it, unpacked or as .gz; `Same` is not checked.
std::filesystem::path place_of(const CatalogueFile& file,
                               const std::vector<std::filesystem::path>& folders);
/// The same with its contents compared: Other when they differ or cannot be read.
FoundFile look_for(const CatalogueFile& file, const std::vector<std::filesystem::path>& folders);
/// Whether the contents of `path`, unpacked, are those of the catalogue.
bool has_contents_of(const std::filesystem::path& path, const CatalogueFile& file);

/// The file of a data set in a folder of the user's own: under its path, its path without the
/// folder of the data set, or its bare name where no two files share it; packed or not. `given` may
/// also be the file itself when the data set has one file. Empty when it is not there.
std::filesystem::path offered(const DataSet& set, const CatalogueFile& file,
                              const std::filesystem::path& given);

/// Copies `source` to its place below `folder`, with the ending .gz when it is packed, in one step;
/// returns the place. Errors as read_file and AtomicFile.
std::filesystem::path copy_into(const std::filesystem::path& folder, const CatalogueFile& file,
                                const std::filesystem::path& source);
/// The same for a complete download in that folder, which gets the file's name.
std::filesystem::path rename_into(const std::filesystem::path& folder, const CatalogueFile& file,
                                  const std::filesystem::path& part);
/// Where a download of the file grows.
std::filesystem::path part_of(const std::filesystem::path& folder, const CatalogueFile& file);

}  // namespace lyap::framework
