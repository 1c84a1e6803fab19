// plugins/analyses/examples/examples.cpp - what a network makes of a few sequences: its output
// beside the target, the activity of some units, the pictures it reads, text of its own.
#include <algorithm>
#include <limits>
#include <lyap/lyap.hpp>
#include <string>
#include <utility>

#include "aligned_text.hpp"
#include "examples/sampled_text.hpp"
#include "runs.hpp"

namespace lyap::examples {

class Examples final : public Analysis {
 public:
  static constexpr About about{
      "examples", "1.0.0",
      "What a network makes of a few sequences: output, target, activity, pictures, sampled text",
      "the task's sequences, one pass"};
  static void options(Options& o);
  static void ports(Ports& p);

  explicit Examples(const Values& v)
      : sequences_(v.integer("sequences")),
        units_(v.integer("units")),
        split_(v.is("split", "train")  ? Split::Train
               : v.is("split", "test") ? Split::Test
                                       : Split::Validation),
        alone_(v.is("start", "carried")),
        characters_(v.integer("characters")),
        temperature_(v.real("temperature")) {}
  void run(Context& context, const Host& host) override;

 private:
  struct Shown;
  Shown chosen(const Data& data) const;
  void pass(const Model& model, Shown& shown) const;
  void give(Context& context, const Shown& shown) const;
  void give_classes(Context& context, const Shown& shown) const;
  void give_pictures(Context& context, const Shown& shown) const;

  Index sequences_, units_;
  Split split_;
  bool alone_;
  Index characters_;
  double temperature_;
};

/// The sequences and what the network did, columns t*B + b.
struct Examples::Shown {
  std::vector<std::int64_t> which;
  Split split;
  Matrix input, target, output, state;  ///< state of the chosen units alone
  std::vector<Index> units;
  Index count() const { return static_cast<Index>(which.size()); }
  Index steps = 0;
};

void Examples::options(Options& o) {
  static constexpr const char* splits[] = {"train", "validation", "test", nullptr};
  static constexpr const char* starts[] = {"cell", "carried", nullptr};
  o.integer("sequences").range(1, 20).fallback("3").doc("how many sequences are shown");
  o.integer("units").range(1, 64).fallback("6").doc(
      "how many units' activity is shown, spread over the state");
  o.choice("split", splits)
      .fallback("validation")
      .doc("whose sequences are shown; another split's when the task has none");
  o.choice("start", starts)
      .fallback("cell")
      .doc(
          "the cell's own initial state; or on from where training left the network, on its own "
          "output instead of the task's input");
  o.integer("characters")
      .range(0, 1e5)
      .fallback("200")
      .unit("symbols")
      .doc("what the network writes by itself after a sequence, when it predicts symbols; 0: none");
  o.real("temperature")
      .range(1e-3, 100)
      .fallback("1")
      .doc("of the writing: below 1 likelier symbols are preferred, above 1 rarer ones");
}

void Examples::ports(Ports& p) {
  p.model("model");
  p.data("data");
  p.result("prediction", "value[sequence, output, time]", "what the network says at every step");
  p.result("target", "value[sequence, output, time]", "what it should say");
  p.result("activity", "state[sequence, time, unit]", "state of the chosen units after every step");
  p.result("probability", "probability[sequence, class]",
           "of the classes after the last step, softmax of the output");
  p.result("pictures", "intensity[sequence, row, column] grey",
           "the input as a picture, when the task shows one");
}

void Examples::run(Context& context, const Host& host) {
  const Model model = context.model();
  const Data data = context.data();
  const lyap_task_shape& task = data.shape();
  Shown shown = chosen(data);
  pass(model, shown);
  context.note("", "split", analyses::name_of(shown.split));
  context.note("", "sequences", std::to_string(shown.count()));
  context.note("", "start", alone_ ? "carried, on its own output" : "cell");
  give(context, shown);
  if (task.loss == LYAP_CROSS_ENTROPY && task.last_step_only) give_classes(context, shown);
  if (task.picture_rows > 0) give_pictures(context, shown);
  if (characters_ > 0 && task.next_step && task.loss == LYAP_CROSS_ENTROPY && task.symbols)
    context.note(
        "", "table",
        sampled_text(model, task, shown.input, shown.count(), characters_, temperature_, host));
}

Examples::Shown Examples::chosen(const Data& data) const {
  const lyap_task_shape& task = data.shape();
  Shown shown;
  shown.split = analyses::available(task, split_);
  const Index all = data.count(shown.split);
  if (all <= 0 || task.steps <= 0)
    throw BadOption("the task has no sequences to show; leave `examples` out for it");
  shown.which = analyses::spread(std::min(sequences_, all), all);
  shown.steps = task.steps;
  const Index count = shown.count();
  shown.input.resize(task.inputs, task.steps * count);
  shown.target.resize(task.targets, task.last_step_only ? count : task.steps * count);
  data.fetch({shown.split, shown.which}, shown.input, shown.target);
  return shown;
}

void Examples::pass(const Model& model, Shown& shown) const {
  const Index count = shown.count(), units = std::min(units_, model.state());
  for (Index u = 0; u < units; ++u) shown.units.push_back(u * model.state() / units);
  const Carried left = alone_ ? model.carried() : Carried{};
  if (alone_ && left.state.size() == 0)
    throw BadOption(
        "`start: carried` goes on where training left the network, and this one was left nowhere; "
        "train it with `force`, or leave `start` out");
  Pass pass = model.begin(count, 0, alone_);
  if (alone_)
    pass.start(left.state.replicate(1, count));
  else
    pass.start();
  Matrix first = left.input.replicate(1, count);  // of the next step; then outputs are inputs
  shown.output.resize(model.outputs(), shown.steps * count);
  shown.state.resize(units, shown.steps * count);
  Matrix state(model.state(), count), output(model.outputs(), count);
  for (Index from = 0; from < shown.steps;) {
    const Index steps = std::min(pass.capacity(), shown.steps - from);
    if (alone_)
      pass.run_closed(steps, first);
    else
      pass.run(shown.input.middleCols(from * count, steps * count));
    first.resize(0, 0);
    for (Index t = 1; t <= steps; ++t) {
      pass.state(t, state);
      pass.output(t, output);
      const Index column = (from + t - 1) * count;
      shown.output.middleCols(column, count) = output;
      for (Index u = 0; u < units; ++u)
        shown.state.row(u).segment(column, count) =
            state.row(shown.units[static_cast<std::size_t>(u)]);
    }
    from += steps;
  }
}

void Examples::give(Context& context, const Shown& shown) const {
  const Index count = shown.count(), steps = shown.steps, outputs = shown.output.rows();
  const auto by_sequence = [&](const Matrix& values) {
    std::vector<double> array;
    for (Index s = 0; s < count; ++s)
      for (Index k = 0; k < values.rows(); ++k)
        for (Index t = 0; t < steps; ++t) array.push_back(values(k, t * count + s));
    return array;
  };
  const bool values = context.data().shape().loss != LYAP_CROSS_ENTROPY;
  if (values) {
    context.result("prediction", {count, outputs, steps}, by_sequence(shown.output));
    if (shown.target.rows() == outputs && shown.target.cols() == shown.output.cols())
      context.result("target", {count, outputs, steps}, by_sequence(shown.target));
  }
  std::vector<double> activity;
  std::string units;
  for (Index s = 0; s < count; ++s)
    for (Index t = 0; t < steps; ++t)
      for (Index u = 0; u < shown.state.rows(); ++u)
        activity.push_back(shown.state(u, t * count + s));
  for (const Index unit : shown.units)
    units += (units.empty() ? "" : ", ") + std::string("unit ") + std::to_string(unit + 1);
  context.result("activity", {count, steps, shown.state.rows()}, activity);
  context.note("activity", "unit_names", units);
}

void Examples::give_classes(Context& context, const Shown& shown) const {
  const Index count = shown.count(), classes = shown.output.rows();
  std::vector<double> probabilities;
  analyses::AlignedText table({"sequence", "class", "answer", "probability"});
  for (Index s = 0; s < count; ++s) {
    const Vector p = softmax(shown.output.col((shown.steps - 1) * count + s), 1.0);
    Index answer = 0;
    p.maxCoeff(&answer);
    probabilities.insert(probabilities.end(), p.data(), p.data() + classes);
    table.add({std::to_string(shown.which[static_cast<std::size_t>(s)]),
               analyses::digits(shown.target(0, s), 6), std::to_string(answer),
               analyses::decimals(p[answer], 3)});
  }
  context.result("probability", {count, classes}, probabilities);
  context.note("probability", "table", table.text());
}

void Examples::give_pictures(Context& context, const Shown& shown) const {
  const lyap_task_shape& task = context.data().shape();
  const Index count = shown.count(), size = task.picture_rows * task.picture_cols;
  std::vector<double> pictures(static_cast<std::size_t>(count * size),
                               std::numeric_limits<double>::quiet_NaN());
  for (Index s = 0; s < count; ++s)
    for (Index t = 0; t < shown.steps; ++t)
      for (Index i = 0; i < task.inputs; ++i) {
        const Index at = t * task.inputs + i, pixel = task.pixels ? task.pixels[at] : at;
        if (pixel >= 0 && pixel < size)
          pictures[static_cast<std::size_t>(s * size + pixel)] = shown.input(i, t * count + s);
      }
  context.result("pictures", {count, task.picture_rows, task.picture_cols}, pictures);
}

}  // namespace lyap::examples

LYAP_PLUGINS(lyap::examples::Examples)
