// plugins/analyses/aelle/aelle.cpp - what does a spectrum say about the loss of its network? A
// code from which both can be told.
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "aelle/file.hpp"
#include "aelle/results.hpp"
#include "aelle/rows.hpp"
#include "aelle/settings.hpp"
#include "aelle/train_all.hpp"

namespace lyap::aelle {

class Aelle final : public Analysis {
 public:
  static constexpr About about{
      "aelle", "1.0.0",
      "Autoencoder on Lyapunov spectra whose latent code also predicts the loss of the network",
      "loss = reconstruction + alpha * prediction; after `Lyapunov-guided representation of "
      "recurrent neural network performance` and its published code"};
  static void options(Options& o) { Settings::declare(o); }
  static void ports(Ports& p);

  explicit Aelle(const Values& v) : settings_(v) {}
  void run(Context& context, const Host& host) override;
  Estimate estimate(const lyap_model_shape*, const lyap_task_shape*) const override;

 private:
  std::vector<Autoencoder> applied(const Rows& rows, const Host& host) const;
  std::vector<Autoencoder> trained(Context& context, const Rows& rows, const Host& host) const;
  void give_histories(Context& context, const std::vector<Matrix>& histories) const;
  void say(Context& context, const Rows& rows, const Autoencoder& first) const;
  Settings settings_;
};

void Aelle::ports(Ports& p) {
  p.input("spectra", "exponent[network, checkpoint, index] nats/step",
          "the spectra, all of one length; those that are not finite are left out");
  p.optional("target", "loss[network]",
             "the loss that the code predicts, one a network for all its checkpoints; needed to "
             "train");
  p.optional("part", "part[network]",
             "0 train, 1 validation, 2 test; all are trained on without it");
  p.optional(
      "group", "group[network]",
      "kinds of networks, counted in a note; with `shuffle: off` rows of a group stay together");
  p.result("prediction", "loss[seed, network, checkpoint]", "predicted loss, in the target's unit");
  p.result("verdict", "verdict[seed, network, checkpoint]",
           "1: the predicted loss is below the threshold (high accuracy), 0: it is not");
  p.result("threshold", "loss", "predicted losses below it are high accuracy");
  p.result("reconstruction_error", "error[seed, network, checkpoint] nats/step",
           "mean |reconstructed - given exponent|");
  p.result("latent", "code[seed, network, checkpoint, dimension]",
           "the codes, with nothing dropped out");
  p.result("coordinate", "coordinate[seed, network, checkpoint, component]",
           "codes along the principal axes of the training rows' codes");
  p.result("explained", "share[seed, component]",
           "of the variance of the training rows' codes along each axis");
  p.result("boundary", "coordinate[seed]", "median of the first coordinate over training rows");
  p.result("orientation", "sign[seed]",
           "+1: low losses lie above the boundary, -1: below, over training rows");
  p.result("best_epoch", "epoch[seed]", "the epoch, from 1, whose parameters were kept");
  p.result("r_squared", "share[seed, split]",
           "1 - squared errors of the predicted loss / squares about its mean, over spectra");
  p.result("test_r_squared", "share", "the same over test spectra, mean over seeds");
  p.result("rms_error", "loss[seed, split]", "root mean square error of the predicted loss");
  p.result("split", "split[split]", "parts of the table");
  p.result("history", "loss[seed, epoch, curve]",
           "mean losses of kept epochs: of training as it goes, of validation after the epoch, in "
           "the network's own scales");
  p.result("epoch", "epoch[epoch]", "the epochs of the history, from 1");
  p.result("curve", "curve[curve]", "what the history holds");
  p.result("perturbed", "exponent[seed, delta, index] nats/step",
           "mean decoded spectrum after the code moved so that the score rises by delta");
  p.result("delta", "change[delta]", "changes of the head's score");
}

void Aelle::run(Context& context, const Host& host) {
  const Rows rows = Rows::of(context);
  if (!rows.left_out.empty()) host.warn(rows.left_out);
  const std::vector<Autoencoder> all =
      settings_.weights.empty() ? trained(context, rows, host) : applied(rows, host);
  std::vector<Answers> answers(all.size());
  host.parallel(std::ssize(all), [&](std::int64_t i, int) {
    const auto seed = static_cast<std::size_t>(i);
    answers[seed] = all[seed].answers(rows.spectra);
  });
  give_answers(context, all, answers, rows);
  if (!settings_.deltas.empty()) give_moved(context, all, answers, rows, settings_.deltas);
  say(context, rows, all.front());
}

std::vector<Autoencoder> Aelle::applied(const Rows& rows, const Host& host) const {
  std::vector<Autoencoder> all = read(host, settings_.weights, rows.spectra.rows());
  if (!std::isnan(settings_.threshold))
    for (Autoencoder& a : all) a.threshold = settings_.threshold;
  return all;
}

std::vector<Autoencoder> Aelle::trained(Context& context, const Rows& rows,
                                        const Host& host) const {
  if (!context.input("target"))
    throw BadData(
        "nothing is connected to `target`, the losses to learn from; connect them, or say "
        "`weights:` to apply an autoencoder that was trained before");
  if (rows.parts[Validation].empty() && settings_.copy_best)
    host.log("without validation rows the parameters of the last epoch are kept");
  Trained made = train_all(settings_, rows, host);
  give_histories(context, made.histories);
  write(context, made.autoencoders, settings_.compat);
  return std::move(made.autoencoders);
}

void Aelle::give_histories(Context& context, const std::vector<Matrix>& histories) const {
  const std::vector<Index> epochs = kept_epochs(settings_.all_epochs(), settings_.history_every);
  const Index kept = std::ssize(epochs), seeds = std::ssize(histories);
  context.announce("history", {seeds, kept, curves});
  for (Index seed = 0; seed < seeds; ++seed) {
    const Matrix& one = histories[static_cast<std::size_t>(seed)];
    context.piece("history", {seed, 0, 0}, {1, kept, curves},
                  {one.data(), static_cast<std::size_t>(one.size())});
  }
  const std::vector<double> numbers(epochs.begin(), epochs.end());
  context.result("epoch", {kept}, numbers);
  detail::give_words(context, "curve", curve_names, curves);
}

void Aelle::say(Context& context, const Rows& rows, const Autoencoder& first) const {
  const Architecture& a = first.network.architecture();
  const auto note = [&](const char* key, const std::string& value) {
    context.note("", key, value);
  };
  note("variant", a.variant);
  note("head", name_of(a.head));
  note("latent", std::to_string(a.latent));
  note("length", std::to_string(a.length));
  note("parameters", std::to_string(a.parameters()));
  note("rows", std::to_string(rows.count()) + " spectra, " +
                   std::to_string(rows.parts[Train].size()) + " train, " +
                   std::to_string(rows.parts[Validation].size()) + " validation, " +
                   std::to_string(rows.parts[Test].size()) + " test");
  if (!rows.left_out.empty()) note("left_out", rows.left_out);
  if (!rows.groups.empty()) note("groups", rows.groups);
  note("projection", first.axes.center ? "codes minus their mean over training rows"
                                       : "codes as they are, mean and all");
  if (!settings_.weights.empty()) {
    note("weights", settings_.weights);
    return;
  }
  note("compat", settings_.compat);
  note("losses", std::string("reconstruction ") +
                     reconstruction_names[static_cast<int>(settings_.reconstruction)] +
                     ", prediction " + prediction_names[static_cast<int>(settings_.prediction)]);
  note("target_scale",
       settings_.target_scale + (settings_.target_scale == "raw" ? "" : " of the training rows"));
  note("input", settings_.zscore ? "zscore of the training rows, per index" : "raw");
  note("order", settings_.shuffle ? "new each epoch" : "fixed");
  note("best", settings_.copy_best && !rows.parts[Validation].empty()
                   ? "smallest validation prediction loss"
                   : "last epoch");
  note("dtype", settings_.single ? "float32, answers float64" : "float64");
}

Estimate Aelle::estimate(const lyap_model_shape*, const lyap_task_shape*) const {
  Estimate e;
  e.text = settings_.weights.empty()
               ? std::to_string(settings_.seeds) + " autoencoders, " + settings_.variant + ", " +
                     std::to_string(settings_.all_epochs()) + " epochs each"
               : "applies " + settings_.weights;
  return e;
}

}  // namespace lyap::aelle

LYAP_PLUGINS(lyap::aelle::Aelle)
