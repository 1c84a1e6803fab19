// framework/data/download.hpp - a file from the web, going on where an earlier attempt ended.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "base/stop.hpp"

namespace lyap::framework {

/// Whether this program was built with libcurl; without, downloading throws.
bool can_download();

/// Whether an address may be downloaded: https, or, with LYAP_TEST_HTTP set in the environment,
/// http of 127.0.0.1 for servers of tests.
bool may_download(const std::string& url);

/// Bytes so far and in all; in all is 0 until the server has said so.
using DownloadProgress = std::function<void(std::int64_t done, std::int64_t total)>;

/// Returns when `part` is complete; what it holds already is not asked for again, where the server
/// allows that. Redirections lead to https only. `part` stays when the download breaks off.
/// InputError: an address that may_download refuses; Error: server or network, more than `limit`
/// bytes, another process at the same file, the disk; Interrupted: `stop` was asked.
void download(const std::string& url, const std::filesystem::path& part, std::int64_t limit,
              const DownloadProgress& progress, const Stop& stop);

}  // namespace lyap::framework
