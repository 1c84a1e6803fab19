// aelle/results.hpp - answers of all autoencoders at the places of their networks.
#pragma once
#include <cmath>
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "aelle/autoencoder.hpp"
#include "aelle/rows.hpp"
#include "aelle/table.hpp"

namespace lyap::aelle {

namespace detail {

/// Rows of the middle half by predicted loss: the typical training networks.
inline std::vector<Index> middle(const Rows& rows, const Eigen::RowVectorXd& losses) {
  std::vector<double> of_training;
  for (const Index row : rows.typical) of_training.push_back(losses[row]);
  if (of_training.empty()) return {};
  const double low = quantile(of_training, 0.25), high = quantile(of_training, 0.75);
  std::vector<Index> kept;
  for (const Index row : rows.typical)
    if (losses[row] >= low && losses[row] <= high) kept.push_back(row);
  return kept;
}

/// Numbers of rows, with axes [seed, network, checkpoint, ...], NaN where there is no spectrum.
class ByNetwork {
 public:
  ByNetwork(const Rows& rows, Index seeds, Index depth)
      : rows_(rows),
        depth_(depth),
        shape_{seeds, rows.networks, rows.checkpoints},
        values_(static_cast<std::size_t>(seeds * rows.networks * rows.checkpoints * depth),
                missing) {}
  /// numbers: depth x rows
  void put(Index seed, const Matrix& numbers) {
    const Index places = rows_.networks * rows_.checkpoints;
    for (Index i = 0; i < rows_.count(); ++i) {
      const Index place = seed * places + rows_.places[static_cast<std::size_t>(i)];
      std::copy_n(numbers.col(i).data(), depth_, values_.data() + place * depth_);
    }
  }
  void give(Context& context, const char* port) { context.result(port, shape_, values_); }
  void give_with_depth(Context& context, const char* port) {
    std::vector<std::int64_t> shape = shape_;
    shape.push_back(depth_);
    context.result(port, shape, values_);
  }

 private:
  const Rows& rows_;
  Index depth_;
  std::vector<std::int64_t> shape_;
  std::vector<double> values_;
};

inline void give(Context& context, const char* port, const std::vector<std::int64_t>& shape,
                 const Matrix& values) {
  context.result(port, shape, {values.data(), static_cast<std::size_t>(values.size())});
}
inline void give_words(Context& context, const char* port, const char* words, Index count) {
  give(context, port, {count}, Vector::LinSpaced(count, 0, static_cast<double>(count - 1)));
  context.note(port, "flag_meanings", words);
}

}  // namespace detail

/// deltas x length of each seed, one after another.
inline void give_moved(Context& context, const std::vector<Autoencoder>& all,
                       const std::vector<Answers>& answers, const Rows& rows,
                       const std::vector<double>& deltas) {
  const Index length = rows.spectra.rows(), count = std::ssize(deltas);
  Matrix moved(length, std::ssize(all) * count);
  for (std::size_t seed = 0; seed < all.size(); ++seed) {
    const std::vector<Index> some = detail::middle(rows, answers[seed].losses);
    if (some.empty())
      throw BadData("`perturb` moves the codes of training networks, and none has a spectrum");
    const Matrix codes = answers[seed].codes(Eigen::all, some);
    for (Index d = 0; d < count; ++d)
      moved.col(static_cast<Index>(seed) * count + d) =
          all[seed].moved(codes, deltas[static_cast<std::size_t>(d)]);
  }
  detail::give(context, "perturbed", {std::ssize(all), count, length}, moved);
  context.note("perturbed", "networks",
               "mean over the training spectra of the middle half by predicted loss");
  context.result("delta", {count}, deltas);
}

inline void give_answers(Context& context, const std::vector<Autoencoder>& all,
                         const std::vector<Answers>& answers, const Rows& rows) {
  const Index seeds = std::ssize(all), components = all.front().axes.directions.cols();
  detail::ByNetwork codes(rows, seeds, answers.front().codes.rows()),
      coordinates(rows, seeds, components), losses(rows, seeds, 1), errors(rows, seeds, 1),
      verdicts(rows, seeds, 1);
  Matrix explained(components, seeds), r2(3, seeds), rms(3, seeds);
  Vector boundaries(seeds), orientations(seeds), epochs(seeds);
  std::vector<Quality> qualities;
  for (Index i = 0; i < seeds; ++i) {
    const Autoencoder& a = all[static_cast<std::size_t>(i)];
    const Answers& said = answers[static_cast<std::size_t>(i)];
    codes.put(i, said.codes);
    coordinates.put(i, a.axes.coordinates(said.codes));
    losses.put(i, said.losses);
    errors.put(i, said.errors);
    verdicts.put(i, (said.losses.array() < a.threshold).cast<double>().matrix());
    explained.col(i) = a.axes.explained;
    boundaries[i] = a.boundary;
    orientations[i] = a.orientation;
    epochs[i] = static_cast<double>(a.best_epoch);
    qualities.push_back(quality_of(a, said, rows));
    r2.col(i) = qualities.back().r2;
    rms.col(i) = qualities.back().rms;
  }
  losses.give(context, "prediction");
  verdicts.give(context, "verdict");
  errors.give(context, "reconstruction_error");
  codes.give_with_depth(context, "latent");
  coordinates.give_with_depth(context, "coordinate");
  detail::give(context, "explained", {seeds, components}, explained);
  detail::give(context, "boundary", {seeds}, boundaries);
  detail::give(context, "orientation", {seeds}, orientations);
  detail::give(context, "best_epoch", {seeds}, epochs);
  detail::give(context, "r_squared", {seeds, 3}, r2);
  detail::give(context, "test_r_squared", {}, Matrix::Constant(1, 1, r2.row(Test).mean()));
  detail::give(context, "rms_error", {seeds, 3}, rms);
  detail::give_words(context, "split", part_names, 3);
  const double threshold = all.front().threshold;
  detail::give(context, "threshold", {}, Matrix::Constant(1, 1, threshold));
  context.note("verdict", "meaning", "1: the predicted loss is below the threshold, 0: it is not");
  context.note("r_squared", "table", table_of(qualities, rows));
}

}  // namespace lyap::aelle
