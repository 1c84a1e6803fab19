// framework/run/data_files.cpp - data files that plugins ask for: read once, shared afterwards.
#include "run/data_files.hpp"

#include <stdexcept>

#include "base/error.hpp"
#include "data/idx.hpp"
#include "data/npy.hpp"
#include "data/safetensors.hpp"
#include "data/text_file.hpp"
#include "lyap/abi.h"

namespace lyap::framework {
namespace fs = std::filesystem;
namespace {

DataFile read_whole(const fs::path& path, std::int32_t format) {
  if (format == LYAP_FILE_IDX) {
    IdxArray array = read_idx(path);
    return {std::move(array.shape), std::move(array.bytes), path.string()};
  }
  if (format == LYAP_FILE_NPY) {
    Array array = read_npy(path);
    return {std::move(array.shape), std::move(array.values), path.string()};
  }
  if (format == LYAP_FILE_TEXT) {
    std::vector<char32_t> text = read_text(path);
    return {{static_cast<std::int64_t>(text.size())}, std::move(text), path.string()};
  }
  throw std::invalid_argument("a plugin asked for a file in an unknown format");
}

}  // namespace

std::shared_ptr<const DataFile> DataFiles::read(const fs::path& path, std::int32_t format,
                                                const std::string& part) {
  const std::lock_guard lock(mutex_);
  const bool has_parts = format == LYAP_FILE_TENSOR || format == LYAP_FILE_NOTE;
  const Key key{path.string() + (has_parts ? "#" + part : ""), format};
  if (const auto known = files_.find(key); known != files_.end()) return known->second;
  if (!has_parts) return files_[key] = std::make_shared<const DataFile>(read_whole(path, format));
  const TensorFile file = read_safetensors(path);  // one reading gives all its parts
  for (const auto& [name, tensor] : file.tensors)
    files_[{path.string() + "#" + name, LYAP_FILE_TENSOR}] = std::make_shared<const DataFile>(
        DataFile{tensor.shape, tensor.to_doubles(), path.string()});
  for (const auto& [name, text] : file.metadata)
    files_[{path.string() + "#" + name, LYAP_FILE_NOTE}] =
        std::make_shared<const DataFile>(DataFile{{static_cast<std::int64_t>(text.size())},
                                                  std::vector<char32_t>(text.begin(), text.end()),
                                                  path.string()});
  if (const auto known = files_.find(key); known != files_.end()) return known->second;
  if (format == LYAP_FILE_TENSOR) file.tensor(part, path);  // throws: there is no such tensor
  throw InputError(path.string() + ": its metadata has no entry '" + part +
                   "'; it was not written by this analysis");
}

}  // namespace lyap::framework
