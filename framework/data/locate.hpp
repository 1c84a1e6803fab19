// framework/data/locate.hpp - where data sets lie on this machine.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace lyap::framework {

class DataFolders {
 public:
  /// In this order: `option` (what --data says, "" for nothing), $LYAP_DATA, and lyap in
  /// $XDG_CACHE_HOME or else ~/.cache.
  explicit DataFolders(const std::string& option);

  const std::vector<std::filesystem::path>& folders() const { return folders_; }

  /// The first that exists of `name` with each of the endings, folder after folder; `name` as in
  /// "mnist/train-images-idx3-ubyte".  InputError lists where it was looked for and says what to
  /// do, ending with `how_to_get` ("train-images-idx3-ubyte.gz of the MNIST database").
  std::filesystem::path find(const std::string& name, const std::vector<std::string>& endings,
                             const std::string& how_to_get) const;

 private:
  std::vector<std::filesystem::path> folders_;
};

}  // namespace lyap::framework
