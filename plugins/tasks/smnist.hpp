// plugins/tasks/smnist.hpp - handwritten digits of MNIST, one row or one pixel at a time.
#pragma once
#include <lyap/plugin.hpp>

#include <utility>

#include "data_file.hpp"
#include "image_sequences.hpp"

namespace lyap::tasks {

class Smnist final : public ImageSequences {
 public:
  static constexpr About about{
      "smnist", "1.0.0", "Sequential MNIST: handwritten digits, a row or a pixel at a time",
      "LeCun, Bottou, Bengio and Haffner, Proc. IEEE 86 (1998) 2278; read as a sequence by Le, "
      "Jaitly and Hinton (2015), arXiv:1504.00941"};

  static void options(Options& o) {
    ImageSequences::options(o);
    o.text("folder").fallback("mnist").doc(
        "folder of the four IDX files, with or without .gz, below the data folders (--data, "
        "LYAP_DATA) or absolute; any data set of 28 x 28 images in ten classes will do");
  }

  // Braces: the training files are read, and found missing, first.
  Smnist(const Values& values, const Host& host)
      : ImageSequences{values, read(host, values.text("folder"), "train"),
                       read(host, values.text("folder"), "t10k")} {}

 private:
  static Images read(const Host& host, const std::string& folder, const std::string& part) {
    const std::string remedy =
        folder == "mnist"
            ? "`lyap data fetch mnist`; the task `digits` needs no download"
            : "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz "
              "and t10k-labels-idx1-ubyte.gz of the MNIST database or of one like it, into the "
              "folder '" +
                  folder + "' there; the task `digits` needs no download";
    struct Files {
      File images, labels;
    };
    const auto files = std::make_shared<const Files>(
        Files{host.read_idx(folder + "/" + part + "-images-idx3-ubyte", remedy),
              host.read_idx(folder + "/" + part + "-labels-idx1-ubyte", remedy)});
    check(files->images, files->labels);
    return {files, files->images.bytes(), files->labels.bytes()};
  }

  static void check(const File& images, const File& labels) {
    const auto shape = images.shape();
    if (shape.size() != 3 || shape[1] != image_side || shape[2] != image_side)
      throw BadData(images.path() + " holds " + extents(images) +
                    " numbers, and images of 28 x 28 are needed");
    if (labels.shape().size() != 1)
      throw BadData(labels.path() + " holds " + extents(labels) +
                    " numbers, and one label for each image is needed");
    if (shape[0] != labels.size())
      throw BadData(images.path() + " holds " + std::to_string(shape[0]) + " images and " +
                    labels.path() + " " + std::to_string(labels.size()) +
                    " labels; they do not belong together, get them again");
    if (shape[0] == 0) throw BadData(images.path() + " holds no image; get it again");
    const auto all = labels.bytes();
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i] >= digit_classes)
        throw BadData(labels.path() + ": label " + std::to_string(i) + " is " +
                      std::to_string(all[i]) + ", and labels are 0 to 9; get the file again");
  }
};

}  // namespace lyap::tasks
