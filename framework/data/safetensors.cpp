// framework/data/safetensors.cpp - named tensors in a file, as PyTorch users keep weights.
#include "data/safetensors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace lyap::framework {
namespace {

using Json = nlohmann::ordered_json;

/// Reads one file; every complaint begins with its name.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) : path_(path), bytes_(read_file(path)) {}

  TensorFile read();

 private:
  struct Place {
    std::string name;
    std::int64_t begin, end;  // within the data behind the header
  };

  [[noreturn]] void refuse(const std::string& complaint) const {
    throw InputError(fmt::format("'{}' {}", path_.string(), complaint));
  }
  std::string_view header_text() const;
  Json header() const;
  void read_metadata(const Json& entries, TensorFile& file) const;
  Place read_tensor(const std::string& name, const Json& entry, Tensor& tensor) const;
  void check_layout(std::vector<Place> places) const;
  std::int64_t whole_number(const std::string& tensor, const Json& number) const;

  const std::filesystem::path& path_;
  const std::string bytes_;
  std::string_view data_;
};

TensorFile Reader::read() {
  const Json entries = header();
  data_ = std::string_view(bytes_).substr(8 + header_text().size());
  TensorFile file;
  std::vector<Place> places;
  for (const auto& [name, entry] : entries.items()) {
    if (name == "__metadata__")
      read_metadata(entry, file);
    else
      places.push_back(read_tensor(name, entry, file.tensors[name]));
  }
  check_layout(places);
  for (const Place& place : places) {
    const auto stored =
        std::as_bytes(std::span(data_)).subspan(place.begin, place.end - place.begin);
    file.tensors[place.name].bytes.assign(stored.begin(), stored.end());
  }
  return file;
}

std::string_view Reader::header_text() const {
  if (bytes_.empty()) refuse("is empty; a safetensors file is needed");
  // The length of a header may begin with the same two bytes: 640 does, and 19280.
  const bool has_header = bytes_.size() > 8 && bytes_[8] == '{';
  if (!has_header && (bytes_.starts_with("PK") || bytes_.starts_with("\x80\x02")))
    refuse(
        "is not a safetensors file but, by its first bytes, a PyTorch .pt file; export it in "
        "Python "
        "with safetensors.torch.save_file(model.state_dict(), 'model.safetensors')");
  std::uint64_t length = 0;
  if (bytes_.size() >= 8) std::memcpy(&length, bytes_.data(), 8);
  if (bytes_.size() < 10 || !has_header) refuse("is not a safetensors file");
  if (length > bytes_.size() - 8)
    refuse(
        fmt::format("is cut short, or not a safetensors file: its header should have {} bytes, but "
                    "only {} follow",
                    length, bytes_.size() - 8));
  return std::string_view(bytes_).substr(8, length);
}

Json Reader::header() const {
  std::vector<std::set<std::string>> names;  // of every object that is open
  const auto refuse_duplicates = [&](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) names.emplace_back();
    if (event == Json::parse_event_t::object_end) names.pop_back();
    if (event == Json::parse_event_t::key) {
      const auto& name = parsed.get_ref<const std::string&>();
      if (!names.back().insert(name).second)
        refuse(fmt::format("has {} twice in its header", quoted(name)));
    }
    return true;
  };
  try {
    return Json::parse(header_text(), refuse_duplicates);
  } catch (const Json::parse_error& failure) {
    refuse(fmt::format("has a damaged header: no valid JSON at byte {}", 8 + failure.byte));
  }
}

void Reader::read_metadata(const Json& entries, TensorFile& file) const {
  if (!entries.is_object()) refuse("has a damaged header: __metadata__ is not an object");
  for (const auto& [key, value] : entries.items()) {
    if (!value.is_string())
      refuse(fmt::format("has a damaged header: {} in __metadata__ is not a text", quoted(key)));
    file.metadata[key] = value.get<std::string>();
  }
}

Reader::Place Reader::read_tensor(const std::string& name, const Json& entry,
                                  Tensor& tensor) const {
  const bool whole = entry.is_object() && entry.size() == 3 && entry.contains("dtype") &&
                     entry.contains("shape") && entry.contains("data_offsets") &&
                     entry["dtype"].is_string() && entry["shape"].is_array() &&
                     entry["data_offsets"].is_array() && entry["data_offsets"].size() == 2;
  if (!whole)
    refuse(fmt::format("describes tensor {} without just a dtype, a shape and two data_offsets",
                       quoted(name)));
  tensor.dtype = entry["dtype"].get<std::string>();
  const auto width = width_of_dtype(tensor.dtype);
  if (!width)
    refuse(
        fmt::format("has tensor {} of dtype {}; F64, F32, F16, BF16, I64, I32, U8 and BOOL can be "
                    "read",
                    quoted(name), quoted(tensor.dtype)));
  std::int64_t size = *width;
  for (const Json& extent : entry["shape"]) {
    tensor.shape.push_back(whole_number(name, extent));
    if (__builtin_mul_overflow(size, tensor.shape.back(), &size))
      refuse(fmt::format("has tensor {} of an impossible size", quoted(name)));
  }
  const std::int64_t begin = whole_number(name, entry["data_offsets"][0]);
  const std::int64_t end = whole_number(name, entry["data_offsets"][1]);
  if (end < begin || end - begin != size)
    refuse(fmt::format("gives tensor {} bytes {} to {}, but its shape and dtype need {} bytes",
                       quoted(name), begin, end, size));
  if (end > std::ssize(data_))
    refuse(fmt::format("is cut short: tensor {} ends at byte {} of the data, but there are {}",
                       quoted(name), end, data_.size()));
  return {name, begin, end};
}

std::int64_t Reader::whole_number(const std::string& tensor, const Json& number) const {
  if (!number.is_number_unsigned() || number.get<std::uint64_t>() > INT64_MAX)
    refuse(fmt::format("describes tensor {} with a number that is not a size", quoted(tensor)));
  return number.get<std::int64_t>();
}

void Reader::check_layout(std::vector<Place> places) const {
  std::sort(places.begin(), places.end(), [](const Place& one, const Place& other) {
    return std::pair(one.begin, one.end) < std::pair(other.begin, other.end);
  });
  std::int64_t used = 0;
  std::string_view before;
  for (const Place& place : places) {
    if (place.begin < used)
      refuse(fmt::format("gives tensors {} and {} the same bytes", quoted(before),
                         quoted(place.name)));
    if (place.begin > used)
      refuse(fmt::format("leaves {} bytes unused before tensor {}", place.begin - used,
                         quoted(place.name)));
    used = place.end;
    before = place.name;
  }
  if (used != std::ssize(data_))
    refuse(fmt::format("has {} bytes behind its last tensor", std::ssize(data_) - used));
}

}  // namespace

const Tensor& TensorFile::tensor(const std::string& name, const std::filesystem::path& path) const {
  const auto found = tensors.find(name);
  if (found != tensors.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, tensor] : tensors) names.push_back(known);
  throw InputError(fmt::format("'{}' has no tensor {}{}", path.string(), quoted(name),
                               did_you_mean(name, names)));
}

TensorFile read_safetensors(const std::filesystem::path& path) {
  return Reader(path).read();
}

void write_safetensors(const std::filesystem::path& path, const TensorFile& file) {
  std::vector<std::pair<std::string, const Tensor*>> order;
  for (const auto& [name, tensor] : file.tensors) order.emplace_back(name, &tensor);
  std::stable_sort(order.begin(), order.end(), [](const auto& one, const auto& other) {
    return width_of_dtype(one.second->dtype) > width_of_dtype(other.second->dtype);
  });

  Json entries = Json::object();
  if (!file.metadata.empty()) entries["__metadata__"] = file.metadata;
  std::int64_t end = 0;
  for (const auto& [name, tensor] : order) {
    assert(std::ssize(tensor->bytes) == tensor->count() * width_of_dtype(tensor->dtype).value());
    const std::int64_t begin = end;
    end += std::ssize(tensor->bytes);
    entries[name] = {
        {"dtype", tensor->dtype}, {"shape", tensor->shape}, {"data_offsets", {begin, end}}};
  }
  std::string header = entries.dump(-1, ' ', false, Json::error_handler_t::replace);
  header.append((8 - header.size() % 8) % 8, ' ');  // the data begin at a multiple of 8

  AtomicFile out(path);
  const auto length = std::bit_cast<std::array<char, 8>>(std::uint64_t{header.size()});
  out.write({length.data(), length.size()});
  out.write(header);
  for (const auto& [name, tensor] : order)
    out.write({reinterpret_cast<const char*>(tensor->bytes.data()), tensor->bytes.size()});
  out.commit();
}

}  // namespace lyap::framework
