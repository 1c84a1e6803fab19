// framework/data/npz.cpp - named arrays in one file, as numpy.savez writes them.
#include "data/npz.hpp"

#include <algorithm>
#include <span>

#include "data/npy_header.hpp"
#include "data/text_file.hpp"
#include "data/zip.hpp"

namespace lyap::framework {
namespace {

template <class Element>
std::string bytes_of(std::span<const Element> elements) {
  const auto bytes = std::as_bytes(elements);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Texts in the fixed width of the longest, a code point in four bytes.
std::string texts_npy(const StoredArray& array) {
  std::vector<std::u32string> texts;
  std::size_t width = 1;
  for (const std::string& text : array.texts) {
    texts.push_back(characters_of(text));
    width = std::max(width, texts.back().size());
  }
  std::string bytes = npy_head("<U" + std::to_string(width), array.shape);
  for (std::u32string& text : texts) {
    text.resize(width, U'\0');
    bytes += bytes_of(std::span<const char32_t>(text));
  }
  return bytes;
}

std::string npy_of(const StoredArray& array) {
  if (array.is_text()) return texts_npy(array);
  return npy_head("<f8", array.shape) + bytes_of(std::span<const double>(array.values));
}

std::string npy_of(const Tensor& tensor) {
  static const std::map<std::string, const char*> types = {
      {"F64", "<f8"}, {"F32", "<f4"}, {"F16", "<f2"}, {"I64", "<i8"},
      {"I32", "<i4"}, {"U8", "|u1"},  {"BOOL", "|b1"}};
  if (const auto type = types.find(tensor.dtype); type != types.end())
    return npy_head(type->second, tensor.shape) +
           bytes_of(std::span<const std::byte>(tensor.bytes));
  const std::vector<double> values = tensor.to_doubles();
  const std::vector<float> narrow(values.begin(), values.end());
  return npy_head("<f4", tensor.shape) + bytes_of(std::span<const float>(narrow));
}

}  // namespace

void write_npz(const std::filesystem::path& path, const std::vector<StoredArray>& arrays) {
  ZipFile file(path);
  for (const StoredArray& array : arrays) file.add(array.full_name() + ".npy", npy_of(array));
  file.close();
}

void write_npz(const std::filesystem::path& path, const std::map<std::string, Tensor>& tensors) {
  ZipFile file(path);
  for (const auto& [name, tensor] : tensors) file.add(name + ".npy", npy_of(tensor));
  file.close();
}

}  // namespace lyap::framework
