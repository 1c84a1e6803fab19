// spectrum/settings.hpp - what a pipeline may say about a spectrum, and what it said.
#pragma once
#include <lyap/lyap.hpp>

namespace lyap::spectrum {

/// Steps between two renormalisations during the warm-up.
enum class WarmupQR { Every, End };
/// Where the warm-up's inputs come from: before the measured ones, or the measured ones themselves,
/// replayed from their beginning afterwards (D-6 of the AeLLE code).
enum class WarmupSource { Separate, Replay };
enum class Method { LU, Householder };
enum class Start { Cell, Zero, Normal, File, Carried };

struct Settings {
  Index sequences, starts, drive, steps, warmup, every, count, history, resamples;
  Split split;
  bool closed_loop;
  Scope scope;
  WarmupQR warmup_qr;
  WarmupSource warmup_source;
  Method method;
  Start start;
  double start_std, until, confidence;
  std::string start_file;
  bool transposed, random_frame, sorted, drop_tail, clamp_zeros, sum_rule;

  static void declare(Options& options);
  explicit Settings(const Values& v);

  /// Runs of the network: every sequence from every initial state.
  Index runs() const { return sequences * starts; }
  /// How many exponents of a state with `size` rows; BadOption when it has fewer than asked.
  Index tracked(Index size) const {
    if (count > size)
      throw BadOption("`count` asks for " + std::to_string(count) +
                      " exponents, but the state has " + std::to_string(size) +
                      " directions; lower it, or 0 for all");
    return count ? count : size;
  }
};

inline void Settings::declare(Options& o) {
  static constexpr const char* splits[] = {"train", "validation", "test", nullptr};
  static constexpr const char* loops[] = {"open", "closed", nullptr};
  static constexpr const char* scopes[] = {"full", "hidden", nullptr};
  static constexpr const char* orientations[] = {"forward", "transposed", nullptr};
  static constexpr const char* methods[] = {"auto", "lu", "householder", nullptr};
  static constexpr const char* starts[] = {"cell", "zero", "normal", "file", "carried", nullptr};
  static constexpr const char* frames[] = {"identity", "random_orthonormal", nullptr};
  static constexpr const char* sources[] = {"separate", "replay", nullptr};
  static constexpr const char* warmups[] = {"every", "end", nullptr};
  static constexpr const char* switches[] = {"off", "on", nullptr};
  static constexpr const char* tails[] = {"flush", "drop", nullptr};
  static constexpr const char* zeros[] = {"missing", "clamp", nullptr};

  o.integer("sequences")
      .range(1, 1e6)
      .fallback("10")
      .doc("how many input sequences are measured; fewer when the split has no more");
  o.choice("split", splits)
      .fallback("validation")
      .doc("which sequences drive the network; another split, with a note, when the task has none");
  o.choice("loop", loops)
      .fallback("open")
      .doc(
          "open: the task's inputs drive the network; closed: its prediction of the next input is "
          "its next input (of scores of classes their softmax), and J includes that way");
  o.integer("drive").range(0, 1e9).unit("steps").fallback("100").doc(
      "`loop: closed`: steps on the task's inputs, which bring the state in step with them "
      "before the loop is closed; 0 = closed from the initial state on");
  o.integer("steps").range(0, 1e9).unit("steps").fallback("0").doc(
      "measured steps after the warm-up; 0 = all that remain, must be given in closed loop");
  o.integer("warmup").range(0, 1e9).unit("steps").fallback("0").doc(
      "steps of state and tangent vectors before the measurement");
  o.integer("count").range(0, 1e6).fallback("0").doc(
      "the first so many exponents, the largest ones; 0 = all");
  o.choice("state", scopes)
      .fallback("full")
      .doc("the whole state, or its hidden part with the other parts held fixed inside each step");
  o.integer("every").range(1, 1e6).unit("steps").fallback("1").doc(
      "T_ON: steps between two renormalisations; above 1 it loses the small exponents");
  o.choice("method", methods)
      .fallback("auto")
      .doc("lu: row-pivoted LU at each step and one QR at the end; householder: a QR at each step");
  o.choice("orientation", orientations)
      .fallback("forward")
      .doc("products of J, or of its transpose as in the published code");
  o.integer("starts").range(1, 1e6).fallback("1").doc("initial states for each sequence");
  o.choice("start", starts)
      .fallback("cell")
      .doc(
          "initial state: the cell's own, zero, drawn from N(0, start_std^2), `start_file`, or "
          "carried on from where training left the network, with `drive` 0");
  o.real("start_std").range(0, 1e6).fallback("1").doc("standard deviation of `start: normal`");
  o.path("start_file")
      .fallback("")
      .doc("`start: file`: .npy [sequences, state], the full state by part, then by layer");
  o.choice("q0", frames).fallback("identity").doc("the first tangent vectors");
  o.choice("warmup_qr", warmups)
      .fallback("every")
      .doc("renormalise at every step of the warm-up, or only at its end as in the published code");
  o.choice("warmup_source", sources)
      .fallback("separate")
      .doc("the warm-up uses inputs before the measured ones, or replays the measured ones");
  o.choice("tail", tails)
      .fallback("flush")
      .doc(
          "steps after the last whole block of `every`: counted, or lost as in the published code");
  o.choice("sort", switches)
      .fallback("off")
      .doc("sort the exponents of each sequence, largest first; off: order of the tangent vectors");
  o.choice("zero_policy", zeros)
      .fallback("missing")
      .doc(
          "an exactly dead direction: minus infinity and left out of means, or clamped to "
          "2.2e-308");
  o.integer("history").range(0, 1e5).fallback("10").doc("points of the convergence history");
  o.real("until")
      .at_least(0)
      .unit("nats/step")
      .fallback("0")
      .doc(
          "stop when the standard error of every exponent over sequences is below this; checked at "
          "the "
          "points of the history, `steps` is the cap; 0 = off");
  o.real("confidence").range(0.5, 0.9999).fallback("0.95").doc("of the bootstrap interval");
  o.integer("resamples")
      .range(0, 1e6)
      .fallback("1000")
      .doc("bootstrap resamples of the sequences; 0 = no interval");
  o.choice("sum_rule", switches)
      .fallback("on")
      .doc("check the sum of all exponents against ln|det J| of every step of the first sequence");
}

inline Settings::Settings(const Values& v)
    : sequences(v.integer("sequences")),
      starts(v.integer("starts")),
      drive(v.integer("drive")),
      steps(v.integer("steps")),
      warmup(v.integer("warmup")),
      every(v.integer("every")),
      count(v.integer("count")),
      history(v.integer("history")),
      resamples(v.integer("resamples")),
      split(v.is("split", "train")  ? Split::Train
            : v.is("split", "test") ? Split::Test
                                    : Split::Validation),
      closed_loop(v.is("loop", "closed")),
      scope(v.is("state", "hidden") ? Scope::Hidden : Scope::Full),
      warmup_qr(v.is("warmup_qr", "end") ? WarmupQR::End : WarmupQR::Every),
      warmup_source(v.is("warmup_source", "replay") ? WarmupSource::Replay
                                                    : WarmupSource::Separate),
      method(v.is("method", "householder") ? Method::Householder : Method::LU),
      start(v.is("start", "zero")      ? Start::Zero
            : v.is("start", "normal")  ? Start::Normal
            : v.is("start", "file")    ? Start::File
            : v.is("start", "carried") ? Start::Carried
                                       : Start::Cell),
      start_std(v.real("start_std")),
      until(v.real("until")),
      confidence(v.real("confidence")),
      start_file(v.text("start_file")),
      transposed(v.is("orientation", "transposed")),
      random_frame(v.is("q0", "random_orthonormal")),
      sorted(v.is("sort", "on")),
      drop_tail(v.is("tail", "drop")),
      clamp_zeros(v.is("zero_policy", "clamp")),
      sum_rule(v.is("sum_rule", "on")) {
  if (start == Start::Carried) drive = 0;
  if ((start == Start::Zero || start == Start::Carried) && starts > 1)
    throw BadOption("`starts` above 1 needs different initial states; say `start: normal`");
  if ((start == Start::File) != !start_file.empty())
    throw BadOption("`start: file` and `start_file` go together; give both or neither");
  if (closed_loop && steps == 0)
    throw BadOption("in closed loop the network runs for as long as it is asked; give `steps`");
  if (closed_loop && warmup_source == WarmupSource::Replay)
    throw BadOption("`warmup_source: replay` needs inputs, and in closed loop there are none");
  if (until > 0 && drop_tail)
    throw BadOption("`tail: drop` reproduces a fixed number of steps; leave `until` at 0");
  if (until > 0 && runs() < 2)
    throw BadOption("`until` compares sequences; ask for at least 2 `sequences` or `starts`");
}

}  // namespace lyap::spectrum
