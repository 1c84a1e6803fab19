// framework/data/hdf5_handle.cpp - identifiers of the HDF5 library, closed with their object.
#include "data/hdf5_handle.hpp"

#include <fmt/format.h>

#include <string>

#include "base/error.hpp"

namespace lyap::framework {
namespace {

// The innermost description; a failed system call says "..., error message = 'No space left'...".
std::string reason() {
  std::string description = "unknown reason";
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_UPWARD,
      [](unsigned depth, const H5E_error2_t* error, void* text) -> herr_t {
        if (depth == 0) *static_cast<std::string*>(text) = error->desc;
        return 0;
      },
      &description);
  H5Eclear2(H5E_DEFAULT);
  const std::string before = "error message = '";
  const std::size_t start = description.find(before);
  if (start == std::string::npos) return description;
  const std::size_t from = start + before.size();
  return description.substr(from, description.find('\'', from) - from);
}

}  // namespace

Hdf5Silence::Hdf5Silence() {
  // First of all calls, or it has no effect: a file that a full disk left half-written cannot be
  // closed, and the library's tidying at exit would crash on it.
  H5dont_atexit();
  H5Eget_auto2(H5E_DEFAULT, &printer_, &printer_data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Hdf5Silence::~Hdf5Silence() {
  H5Eset_auto2(H5E_DEFAULT, printer_, printer_data_);
}

void require_written(herr_t result, const std::filesystem::path& target) {
  if (result >= 0) return;
  const std::string why = reason();
  if (why == "No space left on device" || why == "Disk quota exceeded")
    throw Error(fmt::format("'{}' cannot be written: the disk is full; free some space and repeat",
                            target.string()));
  throw Error(fmt::format("'{}' cannot be written: {}", target.string(), why));
}

Hdf5Handle require_handle(hid_t id, Hdf5Handle::Close close, const std::filesystem::path& target) {
  if (id < 0) require_written(-1, target);
  return {id, close};
}

}  // namespace lyap::framework
