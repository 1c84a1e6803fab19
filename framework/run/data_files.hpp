// framework/run/data_files.hpp - data files that plugins ask for: read once, shared afterwards.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace lyap::framework {

struct DataFile {
  std::vector<std::int64_t> shape;
  std::variant<std::vector<std::uint8_t>, std::vector<double>, std::vector<char32_t>> contents;
  std::string path;
};

/// The files of one process. What has been read stays: the networks of a sweep have the same data,
/// and workers that are forked later share it. [any thread]
class DataFiles {
 public:
  /// `format` is a lyap_format; `part` the name of a tensor or of an entry of the metadata, for
  /// the formats that have parts. InputError: missing, not of that format.
  std::shared_ptr<const DataFile> read(const std::filesystem::path& path, std::int32_t format,
                                       const std::string& part = "");

 private:
  using Key = std::pair<std::string, std::int32_t>;  // path#part, format
  std::mutex mutex_;
  std::map<Key, std::shared_ptr<const DataFile>> files_;
};

}  // namespace lyap::framework
