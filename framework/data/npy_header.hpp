// framework/data/npy_header.hpp - the Python dictionary at the head of a .npy file.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lyap::framework {

struct NpyHeader {
  std::string descr;  ///< byte order, kind and width, e.g. <f8; a list of fields as it is written
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
};

/// Reads {'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }; nothing when it is not that.
std::optional<NpyHeader> parse_npy_header(std::string_view text);

/// The same text for a C-order array, without padding.
std::string npy_header_text(std::string_view descr, const std::vector<std::int64_t>& shape);

/// All that stands before the elements of a file of format 1: magic, version, length, and that text
/// padded so that the elements begin at a multiple of 64.
std::string npy_head(std::string_view descr, const std::vector<std::int64_t>& shape);

}  // namespace lyap::framework
