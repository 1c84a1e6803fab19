// plugins/tasks/image_sequences.hpp - grey images read one row or one pixel at a time.
#pragma once
#include <lyap/options.hpp>
#include <lyap/task.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "seeded.hpp"
#include "splits.hpp"

namespace lyap::tasks {

inline constexpr Index image_side = 28, image_size = image_side * image_side, digit_classes = 10;

/// value / 255 by value: a division for each of 784 pixels takes longer than the rest of an image.
template <Real T>
inline constexpr auto share_of_white = [] {
  std::array<T, 256> shares{};
  for (std::size_t value = 0; value < shares.size(); ++value)
    shares[value] = static_cast<T>(static_cast<double>(value) / 255);
  return shares;
}();

/// Images of 28 x 28 grey values 0 .. 255 in raster order, one after the other, and their classes.
struct Images {
  std::shared_ptr<const void> owner;  ///< keeps what the spans point to
  std::span<const std::uint8_t> pixels, classes;

  Index count() const { return static_cast<Index>(classes.size()); }
  Images part(Index first, Index count) const {
    const auto at = static_cast<std::size_t>(first), many = static_cast<std::size_t>(count);
    return {owner, pixels.subspan(at * image_size, many * image_size), classes.subspan(at, many)};
  }
};

/// Classification of an image after its last row or pixel. Grey values go out as value / 255, with
/// no further normalisation: Vogt, Zheng and Shlizerman; Le, Jaitly and Hinton (2015), section 4.2.
class ImageSequences : public Task {
 public:
  static void options(Options& o) {
    static const char* const orders[] = {"rows", "pixels", "permuted_pixels", nullptr};
    o.choice("order", orders)
        .fallback("rows")
        .doc(
            "what a step sees: a row of the image, a pixel in raster order, or a pixel in one "
            "fixed "
            "random order");
    o.integer("permutation")
        .range(0, 0x1p53)
        .fallback("1")
        .doc(
            "number of the order of `permuted_pixels`; it alone fixes the order, for all images "
            "and whatever the seed of the run");
    o.integer("pool")
        .range(1, image_side)
        .fallback("1")
        .unit("pixels")
        .doc("blocks of pool x pool pixels are averaged to one; must divide 28");
    o.integer("holdout").at_least(0).fallback("0").unit("images").doc(
        "the last so many training images become the validation split and are not trained on; 0 = "
        "all are trained on and the test images are the validation split too, as in the papers, so "
        "that a network chosen by its validation loss has seen the test images");
    o.integer("limit_train")
        .at_least(0)
        .fallback("0")
        .unit("images")
        .doc("use only the first so many training images, before `holdout`; 0 = all");
    o.integer("limit_test")
        .at_least(0)
        .fallback("0")
        .unit("images")
        .doc("use only the first so many test images; 0 = all");
  }

  ImageSequences(const Values& values, const Images& train, const Images& test)
      : pool_(values.integer("pool")) {
    if (image_side % pool_ != 0)
      throw BadOption("`pool: " + std::to_string(pool_) +
                      "` does not divide the 28 pixels of a side; use 1, 2, 4, 7, 14 or 28");
    side_ = image_side / pool_;
    inputs_ = values.is("order", "rows") ? side_ : 1;
    if (values.is("order", "permuted_pixels")) {
      order_ = Seeded(static_cast<std::uint64_t>(values.integer("permutation")))
                   .permutation(side_ * side_);
    } else {
      order_.resize(static_cast<std::size_t>(side_ * side_));
      std::iota(order_.begin(), order_.end(), 0);
    }
    divide(limited(train, values.integer("limit_train")),
           limited(test, values.integer("limit_test")), values.integer("holdout"));
  }

  TaskShape shape() const override {
    TaskShape s;
    s.inputs = inputs_, s.outputs = digit_classes, s.steps = steps();
    s.last_step_only = true;
    s.drive_steps = steps(), s.drive_count = splits_.in_each();
    splits_.put_into(s);
    for (Index digit = 0; digit < digit_classes; ++digit)
      s.symbols.push_back(std::to_string(digit));
    s.picture_rows = s.picture_cols = side_;
    if (!std::is_sorted(order_.begin(), order_.end())) s.pixels = order_;
    return s;
  }

  void fetch(const Request& request, Out input, Out target) const override {
    fill_both<double>(request, input, target);
  }
  bool fetch_single(const Request& request, OutOf<float> input,
                    OutOf<float> target) const override {
    fill_both<float>(request, input, target);
    return true;
  }

  /// The image itself, which is all the input there is.
  void drive(const Request& request, Index from, Index count, Out input) const override {
    splits_.check(request);
    if (from + count > steps())
      throw BadShape("an image is read in " + std::to_string(steps()) + " steps, and " +
                     std::to_string(from + count) + " are asked for; lower `warmup` or `steps`");
    fill<double>(request, from, count, input);
  }

  /// order()[i] is the place in raster order of the i-th pixel that is read.
  const std::vector<std::int64_t>& order() const { return order_; }

 private:
  Index steps() const { return side_ * side_ / inputs_; }

  const Images& of(Split split) const {
    return split == Split::Train ? train_ : split == Split::Validation ? validation_ : test_;
  }
  static Images limited(const Images& images, Index limit) {
    return limit > 0 ? images.part(0, std::min(limit, images.count())) : images;
  }
  void divide(const Images& train, const Images& test, Index holdout) {
    if (holdout >= train.count())
      throw BadOption("`holdout: " + std::to_string(holdout) + "` leaves none of the " +
                      std::to_string(train.count()) + " training images to train on; lower it");
    train_ = train.part(0, train.count() - holdout);
    validation_ = holdout > 0 ? train.part(train.count() - holdout, holdout) : test;
    test_ = test;
    splits_ = {train_.count(), validation_.count(), test_.count()};
  }

  template <Real T>
  void fill_both(const Request& request, OutOf<T>& input, OutOf<T>& target) const {
    splits_.check(request);
    if (input.data()) fill<T>(request, 0, steps(), input);
    if (!target.data()) return;
    const Images& images = of(request.split);
    for (Index b = 0; b < request.count(); ++b)
      target(0, b) = images.classes[static_cast<std::size_t>(request.which[b])];
  }
  /// Pixels of one image in [0, 1], raster order, side x side of them.
  template <Real T>
  void grey(const Images& images, std::int64_t image, T* out) const {
    const std::uint8_t* pixel = images.pixels.data() + image * image_size;
    if (pool_ == 1) {
      for (Index i = 0; i < image_size; ++i) out[i] = share_of_white<T>[pixel[i]];
      return;
    }
    const auto full = static_cast<double>(255 * pool_ * pool_);
    for (Index row = 0; row < side_; ++row)
      for (Index column = 0; column < side_; ++column) {
        int sum = 0;
        for (Index y = row * pool_; y < (row + 1) * pool_; ++y)
          for (Index x = column * pool_; x < (column + 1) * pool_; ++x)
            sum += pixel[y * image_side + x];
        *out++ = static_cast<T>(sum / full);
      }
  }
  template <Real T>
  void fill(const Request& request, Index from, Index count, OutOf<T>& input) const {
    const Images& images = of(request.split);
    std::array<T, image_size> pixels;
    for (Index b = 0; b < request.count(); ++b) {
      grey(images, request.which[b], pixels.data());
      const std::int64_t* place = order_.data() + from * inputs_;
      for (Index t = 0; t < count; ++t)
        for (Index i = 0; i < inputs_; ++i)
          input(i, t * request.count() + b) = pixels[static_cast<std::size_t>(*place++)];
    }
  }

  Index pool_, side_ = 0, inputs_ = 0;
  std::vector<std::int64_t> order_;
  Images train_, validation_, test_;
  Splits splits_;
};

}  // namespace lyap::tasks
