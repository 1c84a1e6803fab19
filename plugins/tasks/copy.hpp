// plugins/tasks/copy.hpp - copying memory: symbols are said again after a long silence.
#pragma once
#include <lyap/plugin.hpp>

#include <string>
#include <utility>
#include <vector>

#include "drawn_examples.hpp"

namespace lyap::tasks {

/// With K symbols out of an alphabet of A and T0 blank steps a sequence has T0 + 2 K steps of one 1
/// among A + 2 numbers: K symbols, T0 - 1 blanks, the marker, K blanks. The targets are T0 + K
/// blanks and then the K symbols. Without memory the best cross entropy is K ln A / (T0 + 2 K): the
/// blanks are certain, the symbols are guessed.
class Copy final : public Task {
 public:
  static constexpr About about{
      "copy", "1.0.0", "Copying memory: say symbols again after a long silence",
      "Hochreiter and Schmidhuber, Neural Computation 9 (1997) 1735; in the form of Arjovsky, Shah "
      "and Bengio (2016), arXiv:1511.06464, section 5.1"};

  static void options(Options& o) {
    o.integer("blanks").range(1, 1e6).fallback("100").unit("steps").doc(
        "steps T0 from the last symbol to the last step before the recall; the marker is the last");
    o.integer("symbols").range(1, 1e4).fallback("10").doc("symbols K to remember");
    o.integer("alphabet").range(2, 1e4).fallback("8").doc("different symbols A");
    DrawnExamples::options(o);
  }

  Copy(const Values& values, const Host& host)
      : blanks_(values.integer("blanks")),
        symbols_(values.integer("symbols")),
        alphabet_(values.integer("alphabet")),
        examples_(values, host) {}

  TaskShape shape() const override {
    TaskShape s;
    s.inputs = s.outputs = alphabet_ + 2;
    s.steps = steps();
    examples_.put_into(s);
    for (Index symbol = 0; symbol < alphabet_; ++symbol)
      s.symbols.push_back(std::to_string(symbol));
    s.symbols.insert(s.symbols.end(), {"blank", "marker"});
    return s;
  }

  void fetch(const Request& request, Out input, Out target) const override {
    examples_.check(request);
    if (input.data()) input.setZero();
    const Index blank = alphabet_, marker = alphabet_ + 1, recall = steps() - symbols_;
    Vector drawn(symbols_);
    for (Index b = 0; b < request.count(); ++b) {
      examples_.draw(request, b, drawn);
      const auto symbol = [&](Index i) { return below(alphabet_, drawn(i)); };
      for (Index t = 0; t < steps(); ++t) {
        const Index column = t * request.count() + b;
        if (input.data())
          input(t < symbols_ ? symbol(t) : t == recall - 1 ? marker : blank, column) = 1;
        if (target.data())
          target(0, column) = static_cast<double>(t < recall ? blank : symbol(t - recall));
      }
    }
  }

  /// recall: the share of the symbols that are said again rightly.
  std::vector<std::pair<std::string, double>> metrics(In prediction, In target) const override {
    const Index count = target.cols() / steps() * symbols_, from = target.cols() - count;
    Index right = 0;
    for (Index column = from; column < target.cols(); ++column) {
      Index said;
      prediction.col(column).maxCoeff(&said);
      right += said == static_cast<Index>(target(0, column));
    }
    return {{"recall", static_cast<double>(right) / static_cast<double>(count)}};
  }

 private:
  Index steps() const { return blanks_ + 2 * symbols_; }

  Index blanks_, symbols_, alphabet_;
  DrawnExamples examples_;
};

}  // namespace lyap::tasks
