// framework/data/hdf5_arrays.cpp - every array of a result file, with its axes.
#include "data/hdf5_arrays.hpp"

#include <algorithm>
#include <sstream>

#include "base/open_file.hpp"
#include "data/hdf5_contents.hpp"
#include "data/hdf5_read.hpp"

namespace lyap::framework {
namespace {

std::string text_of(const ArrayEntry& entry, const std::string& attribute) {
  const auto found = std::find_if(entry.texts.begin(), entry.texts.end(),
                                  [&](const auto& text) { return text.first == attribute; });
  return found == entry.texts.end() ? "" : found->second;
}

StoredArray read_array(const std::filesystem::path& file, ArrayEntry entry) {
  StoredArray array;
  array.group = entry.group;
  std::replace(array.group.begin(), array.group.end(), '/', '.');
  array.unit = text_of(entry, "units");
  array.doc = text_of(entry, "long_name");
  std::istringstream words(text_of(entry, "flag_meanings"));
  for (std::string word; words >> word;) array.words.push_back(word);
  if (entry.numbers)
    array.values = read_doubles(file, entry.path());
  else
    array.texts = read_texts(file, entry.path());
  array.name = std::move(entry.name);
  array.axes = std::move(entry.axes);
  array.shape = std::move(entry.shape);
  return array;
}

}  // namespace

std::vector<StoredArray> read_arrays(const std::filesystem::path& file) {
  OpenFile::to_read(file);  // says what is missing better than the library does
  std::vector<StoredArray> arrays;
  for (ArrayEntry& entry : contents_of(file)) arrays.push_back(read_array(file, std::move(entry)));
  return arrays;
}

}  // namespace lyap::framework
