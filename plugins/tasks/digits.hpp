// plugins/tasks/digits.hpp - synthetic handwritten digits, for when MNIST is not at hand.
#pragma once
#include <lyap/plugin.hpp>

#include <memory>
#include <vector>

#include "digit_strokes.hpp"
#include "image_sequences.hpp"

namespace lyap::tasks {

/// Takes the same options as `smnist`. Image i shows the digit i mod 10.
class Digits final : public ImageSequences {
 public:
  static constexpr About about{
      "digits", "1.0.0",
      "Synthetic digits drawn by the program, not handwriting; nothing to download",
      "drawn as strokes in plugins/tasks/digit_strokes.hpp; read as a sequence like smnist"};

  static void options(Options& o) {
    ImageSequences::options(o);
    o.integer("train").range(1, 1e7).fallback("6000").unit("images").doc(
        "training images that are drawn");
    o.integer("test").range(1, 1e7).fallback("1000").unit("images").doc(
        "test images that are drawn");
    o.integer("draw").range(0, 0x1p53).fallback("1").doc(
        "number of the data set that is drawn; it alone fixes the images, whatever the seed of "
        "the run");
    o.real("noise").range(0, 1).fallback("0.05").doc(
        "standard deviation of the noise on every pixel, as a part of full ink");
  }

  Digits(const Values& values, const Host& host)
      : ImageSequences(values, drawn(values, host, 0, values.integer("train")),
                       drawn(values, host, 1, values.integer("test"))) {}

 private:
  static Images drawn(const Values& values, const Host& host, std::uint64_t part, Index count) {
    struct Drawn {
      std::vector<std::uint8_t> pixels, classes;
    };
    const auto drawn = std::make_shared<Drawn>();
    drawn->pixels.resize(static_cast<std::size_t>(count * image_size));
    drawn->classes.resize(static_cast<std::size_t>(count));
    const auto seed = static_cast<std::uint64_t>(values.integer("draw"));
    const double noise = values.real("noise");
    host.parallel(count, [&](std::int64_t image, int) {
      // A stream of its own for each image, even ones for training: the first images stay the same
      // when more are asked for.
      Seeded random(seed, 2 * static_cast<std::uint64_t>(image) + part);
      const auto at = static_cast<std::size_t>(image);
      drawn->classes[at] = static_cast<std::uint8_t>(image % digit_classes);
      Pen(random, noise)
          .draw(drawn->classes[at], std::span(drawn->pixels).subspan(at * image_size, image_size));
    });
    return {drawn, drawn->pixels, drawn->classes};
  }
};

}  // namespace lyap::tasks
