// framework/data/gzip.hpp - files that may be compressed with gzip.
#pragma once
#include <filesystem>
#include <string>

namespace lyap::framework {

/// The bytes of the file, unpacked when its first two bytes are gzip's, whatever it is called.
/// InputError: as read_file; compressed data that are cut short, damaged, followed by others, or
/// larger than 4 GiB; a name in .gz without compressed data.
std::string read_plain_or_gzip(const std::filesystem::path& path);

}  // namespace lyap::framework
