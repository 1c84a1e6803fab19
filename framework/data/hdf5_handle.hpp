// framework/data/hdf5_handle.hpp - identifiers of the HDF5 library, closed with their object.
#pragma once
#include <hdf5.h>

#include <filesystem>
#include <utility>

namespace lyap::framework {

class Hdf5Handle {
 public:
  using Close = herr_t (*)(hid_t);

  Hdf5Handle() = default;
  Hdf5Handle(hid_t id, Close close) : id_(id), close_(close) {}
  Hdf5Handle(Hdf5Handle&& other) noexcept
      : id_(std::exchange(other.id_, H5I_INVALID_HID)), close_(other.close_) {}
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  ~Hdf5Handle() { close(); }

  operator hid_t() const { return id_; }

  /// Negative when what was still to be written could not be.
  herr_t close() { return id_ < 0 ? 0 : close_(std::exchange(id_, H5I_INVALID_HID)); }

 private:
  hid_t id_ = H5I_INVALID_HID;
  Close close_ = nullptr;
};

/// While it lives the library prints nothing from this thread.
class Hdf5Silence {
 public:
  Hdf5Silence();
  Hdf5Silence(const Hdf5Silence&) = delete;
  Hdf5Silence& operator=(const Hdf5Silence&) = delete;
  ~Hdf5Silence();

 private:
  H5E_auto2_t printer_ = nullptr;
  void* printer_data_ = nullptr;
};

/// Throws Error with the library's own reason when `result` is negative.
void require_written(herr_t result, const std::filesystem::path& target);

/// The identifier with its way to be closed; throws as require_written.
Hdf5Handle require_handle(hid_t id, Hdf5Handle::Close close, const std::filesystem::path& target);

}  // namespace lyap::framework
