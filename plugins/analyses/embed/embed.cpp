// plugins/analyses/embed/embed.cpp - rows of many numbers, such as spectra, as points in a plane.
#include <cmath>
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "aligned_text.hpp"
#include "embed/components.hpp"
#include "embed/embedding.hpp"
#include "embed/settings.hpp"
#include "embed/stored_axes.hpp"
#include "grid.hpp"

namespace lyap::embed {

using analyses::Grid;

class Embed final : public Analysis {
 public:
  static constexpr About about{"embed", "1.0.0",
                               "Principal components of spectra or of latent codes, by an exact "
                               "singular value decomposition",
                               "Lyapunov-guided representation of recurrent neural network "
                               "performance: PCA of spectra and of "
                               "AeLLE codes"};
  static void options(Options& o) { Settings::declare(o); }
  static void ports(Ports& p);

  explicit Embed(const Values& v) : settings_(v) {}
  void run(Context& context, const Host& host) override;

 private:
  std::vector<Axes> axes_for(const std::vector<Rows>& fitted, const Grid& table,
                             const Host& host) const;
  void say(Context& context, const Matrix& explained, std::size_t rows, std::size_t fitted,
           std::size_t left_out, const Host& host) const;
  Settings settings_;
};

void Embed::ports(Ports& p) {
  p.input("table", "value[seed, network, checkpoint, index]",
          "one row of numbers for each seed, network and checkpoint");
  p.optional("part", "part[network]", "0 train, 1 validation, 2 test; all train when left open");
  p.result("coordinate", "coordinate[seed, network, checkpoint, component]",
           "the row in the directions of the axes; missing where a number of it is");
  p.result("axis", "loading[seed, component, index]",
           "unit vectors along which the rows vary most, the largest loading positive");
  p.result("mean", "value[seed, index]", "the mean row, which is subtracted");
  p.result(
      "explained", "fraction[seed, component]",
      "fraction of the variance along each axis: of the rows it was found from, or of all when "
      "the axes were stored");
}

void Embed::run(Context& context, const Host& host) {
  const Grid table = analyses::required(context, "table");
  const Index seeds = table.shape[0], networks = table.shape[1], checkpoints = table.shape[2];
  const std::vector<double> part = analyses::per_network(context, "part", networks);
  if (settings_.train_only && part.empty())
    throw BadOption(
        "`fit: train` needs to know the training part, and port 'part' is not connected; connect "
        "it, or say `fit: all`");
  const auto fits = [&](Index i) { return part[static_cast<std::size_t>(i)] == 0; };
  std::vector<Rows> rows, training;
  for (Index s = 0; s < seeds; ++s) {
    rows.emplace_back(table, s, [](Index) { return true; });
    if (settings_.train_only) training.emplace_back(table, s, fits);
  }
  const std::vector<Rows>& fitted = settings_.train_only ? training : rows;
  for (const Rows& of_seed : fitted)
    if (of_seed.values.rows() == 0)
      throw BadData("no row of the table" +
                    std::string(settings_.train_only ? "'s training part" : "") +
                    " is finite throughout; bring the rows to one length with the analysis "
                    "`interpolate`");
  const std::vector<Axes> axes = axes_for(fitted, table, host);

  Embedding embedding(table, settings_.components);
  std::size_t finite = 0;
  for (Index s = 0; s < seeds; ++s) {
    const auto at = static_cast<std::size_t>(s);
    embedding.put(s, rows[at].which, project(rows[at].values, axes[at], settings_.center), axes[at],
                  explained(fitted[at].values, axes[at]));
    finite += rows[at].which.size();
  }
  embedding.give(context);
  store(context, axes, embedding.explained_by(), settings_.center);
  const auto all = static_cast<std::size_t>(seeds * networks * checkpoints);
  say(context, embedding.explained_by(), finite, fitted[0].which.size(), all - finite, host);
}

std::vector<Axes> Embed::axes_for(const std::vector<Rows>& fitted, const Grid& table,
                                  const Host& host) const {
  const auto seeds = static_cast<Index>(fitted.size());
  if (!settings_.axes.empty())
    return stored(settings_.axes, seeds, table.shape[3], settings_.components, host);
  std::vector<Axes> axes(fitted.size());
  host.parallel(seeds, [&](std::int64_t s, int) {
    if (host.stopped()) throw Stopped("the embedding was interrupted; none of its axes are kept");
    axes[static_cast<std::size_t>(s)] =
        axes_of(fitted[static_cast<std::size_t>(s)].values, settings_.components, host);
  });
  return axes;
}

void Embed::say(Context& context, const Matrix& explained, std::size_t rows, std::size_t fitted,
                std::size_t left_out, const Host& host) const {
  const bool several = explained.cols() > 1;
  analyses::AlignedText::Row head{"component", "explained", "together"};
  if (several) head.push_back("std over seeds");
  analyses::AlignedText table(head);
  double together = 0;
  for (Index c = 0; c < explained.rows(); ++c) {
    const double mean = explained.row(c).mean();
    together += mean;
    analyses::AlignedText::Row row{std::to_string(c + 1), analyses::decimals(mean, 4),
                                   analyses::decimals(together, 4)};
    if (several) {
      const Vector seeds = explained.row(c).transpose();
      row.push_back(analyses::decimals(
          analyses::deviation_of(std::vector<double>(seeds.begin(), seeds.end())), 4));
    }
    table.add(row);
  }
  context.note("explained", "table",
               "fraction of the variance, " + std::to_string(fitted) + " rows" +
                   (several ? " a seed" : "") + "\n" + table.text());
  context.note("", "rows", std::to_string(rows));
  context.note("", "fit",
               !settings_.axes.empty() ? "axes of " + settings_.axes
               : settings_.train_only  ? "rows of the training part"
                                       : "all rows");
  context.note("coordinate", "center", settings_.center ? "on" : "off: the mean is not subtracted");
  context.note("axis", "signs", "the largest loading of each axis is positive");
  if (left_out == 0) return;
  const std::string sentence =
      analyses::counted(left_out, "row") + " of " + std::to_string(rows + left_out) +
      (left_out == 1 ? " has" : " have") + " a number that is missing or not finite and " +
      (left_out == 1 ? "gets" : "get") + " no coordinates";
  context.note("", "left_out", sentence);
  host.warn(sentence);
}

}  // namespace lyap::embed

LYAP_PLUGINS(lyap::embed::Embed)
