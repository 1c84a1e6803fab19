// aelle/train_all.hpp - autoencoders of several seeds, side by side, from the rows of a table.
#pragma once
#include <atomic>
#include <lyap/lyap.hpp>
#include <optional>
#include <string>
#include <vector>

#include "aelle/autoencoder.hpp"
#include "aelle/rows.hpp"
#include "aelle/statistics.hpp"
#include "aelle/training.hpp"
#include "number_text.hpp"

namespace lyap::aelle {

struct Trained {
  std::vector<Autoencoder> autoencoders;
  std::vector<Matrix> histories;  ///< curves x kept epochs
};

namespace detail {

/// What all seeds share.
struct Lesson {
  Architecture architecture;
  InputScale input;
  TargetScale target;
  Matrix train_spectra;
  Vector train_losses;
};

inline Vector losses_of(const Rows& rows, Part part) {
  return rows.targets(rows.parts[part]);
}

inline TargetScale target_scale_of(const Settings& settings, const Vector& losses) {
  if (settings.target_scale == "minmax") return TargetScale::minmax(losses);
  return settings.target_scale == "rank" ? TargetScale::rank(losses) : TargetScale{};
}

inline Lesson lesson_of(const Settings& settings, const Rows& rows) {
  const auto train = std::ssize(rows.parts[Train]);
  if (train < 2)
    throw BadData("there are " + std::to_string(train) +
                  " training spectra with a loss, and an autoencoder needs two at least" +
                  (rows.left_out.empty() ? "" : ": " + rows.left_out));
  const Index length = rows.spectra.rows();
  const Vector losses = losses_of(rows, Train);
  const Matrix spectra = rows.spectra(Eigen::all, rows.parts[Train]);
  Lesson lesson{Architecture::of(settings.variant, settings.head, length, settings.latent),
                settings.zscore ? InputScale::zscore(spectra) : InputScale::raw(length),
                target_scale_of(settings, losses), spectra, losses};
  if (settings.prediction == Prediction::Bce && settings.target_scale == "raw" &&
      (losses.minCoeff() < 0 || losses.maxCoeff() > 1))
    throw BadOption("`prediction: bce` needs losses between 0 and 1, and these lie between " +
                    analyses::number(losses.minCoeff()) + " and " +
                    analyses::number(losses.maxCoeff()) + "; say `target_scale: minmax`");
  return lesson;
}

/// Axes, boundary and orientation, from the codes of the training rows.
inline Autoencoder finished(const Settings& settings, const Lesson& lesson, const Host& host,
                            Network<double> network, Index best_epoch) {
  Autoencoder made{std::move(network), lesson.input, lesson.target, {}};
  const Matrix codes = made.answers(lesson.train_spectra).codes;
  made.axes = PrincipalAxes::of(host, codes, settings.components, settings.center);
  const Vector first = made.axes.coordinates(codes).row(0).transpose();
  made.boundary = median(first);
  made.orientation = correlation(first, lesson.train_losses) > 0 ? -1 : 1;
  made.threshold =
      std::isnan(settings.threshold) ? median(lesson.train_losses) : settings.threshold;
  made.best_epoch = best_epoch;
  return made;
}

template <Real S>
Samples<S> samples(const Lesson& lesson, const Rows& rows, Part part) {
  const Matrix spectra = rows.spectra(Eigen::all, rows.parts[part]);
  return {lesson.input.seen(spectra).template cast<S>(), lesson.target.of(losses_of(rows, part))};
}

/// Calls back from any worker; throws when the run is to stop.
class Watch {
 public:
  Watch(const Host& host, Index epochs) : host_(host), all_(epochs) {}
  void operator()() {
    if (host_.stopped()) throw Stopped("the autoencoder was interrupted; none of it is kept");
    const Index done = ++done_;
    if (done % std::max<Index>(1, all_ / 200) == 0 || done == all_)
      host_.progress("aelle", done, all_);
  }

 private:
  const Host& host_;
  Index all_;
  std::atomic<Index> done_{0};
};

template <Real S>
Trained train(const Settings& settings, const Rows& rows, const Host& host) {
  const Lesson lesson = lesson_of(settings, rows);
  const Samples<S> train = samples<S>(lesson, rows, Train);
  const Samples<S> validation = samples<S>(lesson, rows, Validation);
  Watch watch(host, settings.seeds * settings.all_epochs());
  std::vector<std::optional<Autoencoder>> made(static_cast<std::size_t>(settings.seeds));
  Trained trained;
  trained.histories.resize(made.size());
  host.parallel(settings.seeds, [&](std::int64_t seed, int) {
    const std::string stream = "seed" + std::to_string(seed);
    Descent<S> training(settings, first_network<S>(lesson.architecture, host, stream), train,
                        validation, Draws::from(host, stream + "/dropout"),
                        Draws::from(host, stream + "/order"));
    try {
      training.run([&](Index) { watch(); });
    } catch (const NotFinite& e) {
      throw NotFinite("seed " + std::to_string(seed) + ": " + e.what());
    }
    const auto at = static_cast<std::size_t>(seed);
    made[at] = finished(settings, lesson, host, Network<double>(training.network()),
                        training.best_epoch());
    trained.histories[at] = training.history();
  });
  for (std::optional<Autoencoder>& one : made)
    trained.autoencoders.push_back(std::move(one.value()));
  return trained;
}

}  // namespace detail

inline Trained train_all(const Settings& settings, const Rows& rows, const Host& host) {
  return settings.single ? detail::train<float>(settings, rows, host)
                         : detail::train<double>(settings, rows, host);
}

}  // namespace lyap::aelle
