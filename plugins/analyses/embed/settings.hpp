// embed/settings.hpp - what a pipeline may say about principal components.
#pragma once
#include <lyap/lyap.hpp>
#include <string>

namespace lyap::embed {

struct Settings {
  Index components;
  bool center, train_only;
  std::string axes;  ///< a file of an earlier embedding; empty: axes are found here

  static void declare(Options& o) {
    static constexpr const char* fits[] = {"all", "train", nullptr};
    o.integer("components")
        .range(1, 1e6)
        .fallback("2")
        .doc("coordinates of each row; at most as many as rows, and as columns");
    o.flag("center").fallback("on").doc(
        "subtract the mean row before projecting; off shifts all coordinates, as the published "
        "code has them; axes are those of the centred rows either way");
    o.choice("fit", fits)
        .fallback("all")
        .doc("rows that mean and axes are found from: all, or those of the training part");
    o.path("axes").fallback("").doc(
        "embedding.safetensors of an earlier run, whose mean and axes are used instead");
  }
  explicit Settings(const Values& v)
      : components(v.integer("components")),
        center(v.flag("center")),
        train_only(v.is("fit", "train")),
        axes(v.text("axes")) {
    if (!axes.empty() && train_only)
      throw BadOption(
          "`axes` names axes that are ready, so `fit: train` has nothing to fit; leave one of them "
          "out");
  }
};

}  // namespace lyap::embed
