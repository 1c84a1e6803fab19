// tests/sdk/words.hpp - one small cell for every word of the recorder's vocabulary.
#pragma once
#include <lyap/cell_table.hpp>
#include <string>
#include <vector>

namespace lyap::testing {

/// x' = the word under test, y' = y + 0.5 x; noise n and m where the word asks for it.
class Words final : public AutoCell {
 public:
  struct Word {
    const char* name;
    Value (*equation)(const Words&, Step&);
  };
  static const std::vector<Word>& all() {
    static const std::vector<Word> words{
        {"state", [](const Words& c, Step& s) { return s[c.x]; }},
        {"sum", [](const Words& c, Step& s) { return s[c.x] + s[c.y]; }},
        {"sum with itself", [](const Words& c, Step& s) { return s[c.x] + s[c.x]; }},
        {"difference", [](const Words& c, Step& s) { return s[c.x] - s[c.y]; }},
        {"product", [](const Words& c, Step& s) { return s[c.x] * s[c.y]; }},
        {"square", [](const Words& c, Step& s) { return s[c.x] * s[c.x]; }},
        {"quotient", [](const Words& c, Step& s) { return s[c.x] / (2 + s[c.y] * s[c.y]); }},
        {"number over value", [](const Words& c, Step& s) { return 3.0 / (2 + sin(s[c.y])); }},
        {"value over number", [](const Words& c, Step& s) { return s[c.y] / 4.0; }},
        {"numbers beside", [](const Words& c, Step& s) { return 1 - (2 * s[c.x] - 0.5) * 3; }},
        {"negative", [](const Words& c, Step& s) { return -s[c.y]; }},
        {"tanh", [](const Words& c, Step& s) { return tanh(s[c.x]); }},
        {"sigmoid", [](const Words& c, Step& s) { return sigmoid(s[c.x]); }},
        {"relu", [](const Words& c, Step& s) { return relu(s[c.x]); }},
        {"leaky_relu", [](const Words& c, Step& s) { return leaky_relu(s[c.x], 0.1); }},
        {"softplus", [](const Words& c, Step& s) { return softplus(s[c.x]); }},
        {"exp", [](const Words& c, Step& s) { return exp(s[c.x]); }},
        {"sin", [](const Words& c, Step& s) { return sin(s[c.x]); }},
        {"cos", [](const Words& c, Step& s) { return cos(s[c.x]); }},
        {"abs", [](const Words& c, Step& s) { return abs(s[c.x]); }},
        {"sign", [](const Words& c, Step& s) { return sign(s[c.x]) * s[c.y]; }},
        {"rows and stack",
         [](const Words& c, Step& s) {
           return stack(rows(s[c.x], 1, 2), rows(tanh(s[c.y]), 0, 1));
         }},
        {"rows of a product",
         [](const Words& c, Step& s) {
           const Value a = s[c.wide] * s[c.x];
           return rows(a, 0, 3) * tanh(rows(a, 3, 3)) +
                  s[c.tall] * (rows(s[c.y], 0, 1) * rows(a, 1, 1));
         }},
        {"rows one after another",
         [](const Words& c, Step& s) {
           const Value a = s[c.wide] * s[c.x];
           return rows(a, 0, 3) * tanh(rows(a, 3, 3));
         }},
        {"the same rows twice",
         [](const Words& c, Step& s) {
           const Value a = s[c.wide] * s[c.x];
           return rows(a, 0, 3) * sin(rows(a, 0, 3)) + rows(a, 3, 3);
         }},
        {"rows of rows",
         [](const Words& c, Step& s) {
           const Value part = rows(s[c.wide] * s[c.x], 1, 4);
           return rows(part, 0, 3) * tanh(rows(part, 1, 3));
         }},
        {"many terms",
         [](const Words& c, Step& s) {
           const Value x = s[c.x], y = s[c.y];
           const Value four = s[c.A] * x + s[c.B] * y + x * y + tanh(s[c.A] * y);
           return tanh(four + s[c.B] * x + s[c.A] * (x * y) + y * sin(s[c.B] * x) + s[c.b]) + y;
         }},
        {"a sum used twice",
         [](const Words& c, Step& s) {
           const Value sum = s[c.A] * s[c.x] + s[c.b], more = sum + s[c.y];
           return sum * tanh(more);
         }},
        {"gates",
         [](const Words& c, Step& s) {
           const Value a = s[c.wide] * s[c.x], u = s[c.wide] * s[c.y] + stack(s[c.x], s[c.y]);
           const Value z = sigmoid(rows(a, 0, 3) + rows(u, 0, 3));
           const Value m = tanh(rows(a, 3, 3) + z * rows(u, 3, 3));
           return (1 - z) * m + z * s[c.y];
         }},
        {"sums of sums",
         [](const Words& c, Step& s) {
           const Value one = s[c.A] * s[c.x] + s[c.b], two = s[c.B] * s[c.y] + s[c.d];
           return tanh(one + (two + s[c.b])) + (0.5 * s[c.x] + diagonal(s[c.d]) * s[c.y]);
         }},
        {"differences of sums",
         [](const Words& c, Step& s) {
           const Value one = s[c.A] * s[c.x] + s[c.b], two = s[c.B] * s[c.y] + s[c.d];
           return (one - tanh(two - s[c.x])) - sigmoid(s[c.x] - (s[c.A] * s[c.y] + 0.5));
         }},
        {"one slope in the place of many rows",
         [](const Words& c, Step& s) {
           const Value a = s[c.wide] * s[c.x] + stack(s[c.b] + s[c.y], s[c.d] + s[c.x]);
           return tanh(rows(a, 0, 3)) + exp(-sigmoid(rows(a, 3, 3)));
         }},
        {"a sum begun with rows of the state",
         [](const Words& c, Step& s) {
           return stack(rows(s[c.x], 0, 1) + rows(s[c.x], 2, 1), rows(s[c.y], 1, 2) + 0.5) +
                  s[c.x] * s[c.y];
         }},
        {"weight", [](const Words& c, Step& s) { return s[c.A] * tanh(s[c.A] * s[c.x]); }},
        {"transpose", [](const Words& c, Step& s) { return transpose(s[c.A]) * s[c.x]; }},
        {"transpose of a value",
         [](const Words& c, Step& s) { return transpose(s[c.A]) * tanh(s[c.x]); }},
        {"sum of weights",
         [](const Words& c, Step& s) {
           return (s[c.A] - transpose(s[c.A]) - 0.3 * identity(3)) * s[c.x] +
                  (0.7 * transpose(s[c.B] + 2 * s[c.A])) * tanh(s[c.y]);
         }},
        {"multiple of a weight", [](const Words& c, Step& s) { return (2 * s[c.B]) * s[c.y]; }},
        {"identity", [](const Words& c, Step& s) { return (2 * identity(3)) * s[c.y]; }},
        {"bias", [](const Words& c, Step& s) { return tanh(s[c.x] + s[c.b]) + s[c.b]; }},
        {"diagonal",
         [](const Words& c, Step& s) {
           return diagonal(s[c.d]) * s[c.x] + diagonal(s[c.d]) * sin(s[c.y]);
         }},
        {"input", [](const Words& c, Step& s) { return s[c.U] * s.input() + s[c.x] * s[c.x]; }},
        {"input alone", [](const Words& c, Step& s) { return tanh(s[c.U] * s.input() + s[c.b]); }},
        {"noise",
         [](const Words& c, Step& s) {
           if (!s.noisy()) return tanh(s[c.x]);
           return s.uniform() * tanh(s[c.x]) + 0.1 * s.normal();
         }},
        {"scaled twice",
         [](const Words& c, Step& s) {
           return s[c.x] + 0.1 * (s[c.y] * tanh(s[c.A] * s[c.x] + s[c.b])) - 0.2 * s[c.x];
         }},
        {"crossed units",
         [](const Words& c, Step& s) { return s[c.y] + s[c.y] * s[c.x] - 2 * s[c.x]; }},
    };
    return words;
  }

  static void options(Options& o) { o.text("word").fallback("state"); }
  Words(const Values& values, Index inputs) {
    for (const Word& word : all())
      if (values.is("word", word.name)) equation_ = word.equation;
    x = layout.state("x", 3), y = layout.state("y", 3);
    A = layout.weight("A", 3, 3, "zeros"), B = layout.weight("B", 3, 3, "zeros");
    wide = layout.weight("wide", 6, 3, "zeros"), tall = layout.weight("tall", 3, 1, "zeros");
    b = layout.weight("b", 3, 1, "zeros"), d = layout.weight("d", 3, 1, "zeros");
    U = layout.weight("U", 3, inputs, "zeros");
    layout.normal_noise(3), layout.uniform_noise(3);
  }
  void equations(Step& s) const override {
    s.next(x, equation_(*this, s));
    s.next(y, s[y] + 0.5 * s[x]);
  }
  Value outputs(Step& s) const override { return stack(tanh(s[A] * s[x]), rows(s[y], 1, 1)); }

 private:
  Value (*equation_)(const Words&, Step&) = nullptr;
  StateId x, y;
  WeightId A, B, wide, tall, b, d, U;
};

}  // namespace lyap::testing
