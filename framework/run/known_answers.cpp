// framework/run/known_answers.cpp - networks whose exponents are known in closed form.
#include "run/known_answers.hpp"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <limits>

#include "pipeline/read_yaml.hpp"
#include "run/run.hpp"

namespace lyap::framework {
namespace {

constexpr double dead = -std::numeric_limits<double>::infinity();
double log_sigmoid(double x) {
  return -std::log1p(std::exp(-x));
}

struct Case {
  const char* name;
  const char* truth;
  const char* cell;     ///< what stands under `cell`
  const char* measure;  ///< what stands under `with` of the spectrum
  double tolerance;
  std::function<double(std::size_t)> expected;  ///< exponent by index; NaN: not compared
};

// At zero input and from a zero state a network without biases stays at zero, where the slopes of
// tanh are 1: its Jacobian is the recurrent matrix itself.
const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"orthogonal", "tanh network at rest, V = 0.9 x orthogonal: every exponent is ln 0.9",
       "{use: rnn, with: {units: 24, bias: none}, init: {weight_hh: orthogonal(0.9)}}",
       "{steps: 50}", 1e-12, [](std::size_t) { return std::log(0.9); }},
      {"transposed", "the same with products of transposes: orthogonal matrices do not care",
       "{use: rnn, with: {units: 24, bias: none}, init: {weight_hh: orthogonal(0.9)}}",
       "{steps: 50, orientation: transposed}", 1e-12, [](std::size_t) { return std::log(0.9); }},
      {"householder", "the same by Householder QR at every step",
       "{use: rnn, with: {units: 24, bias: none}, init: {weight_hh: orthogonal(0.9)}}",
       "{steps: 50, method: householder}", 1e-12, [](std::size_t) { return std::log(0.9); }},
      {"diagonal", "tanh network at rest, V = 0.3 x identity, two layers: every exponent is ln 0.3",
       "{use: rnn, with: {units: 6, bias: none}, layers: 2, init: {weight_hh: identity(0.3), "
       "weight_ih: zeros}}",
       "{steps: 40}", 1e-12, [](std::size_t) { return std::log(0.3); }},
      {"gru", "GRU without recurrent and input weights: every exponent is ln sigmoid(b_z)",
       "{use: gru, with: {units: 8}, init: {weight_hh: zeros, weight_ih: zeros, bias_ih: "
       "constant(0.7), bias_hh: zeros}}",
       "{warmup: 200, steps: 50}", 1e-9, [](std::size_t) { return log_sigmoid(0.7); }},
      {"lstm",
       "LSTM without recurrent weights, full state: N exponents are minus infinity, N are ln "
       "sigmoid(b_f)",
       "{use: lstm, with: {units: 4}, init: {weight_hh: zeros, weight_ih: zeros, bias_ih: "
       "constant(0.5), bias_hh: zeros}}",
       "{warmup: 200, steps: 50}", 1e-9,
       [](std::size_t i) { return i < 4 ? dead : log_sigmoid(0.5); }},
      {"hidden", "the same LSTM, hidden state alone: no path from h to h, all minus infinity",
       "{use: lstm, with: {units: 4}, init: {weight_hh: zeros, weight_ih: zeros, bias_ih: "
       "constant(0.5), bias_hh: zeros}}",
       "{steps: 20, state: hidden}", 1e-9, [](std::size_t) { return dead; }},
      {"mean_field",
       "large random tanh network, gain 2: largest exponent 0.1547 as N grows (Molgedey et al. "
       "1992), here N = 200",
       "{use: rnn, with: {units: 200, bias: none}, init: {weight_hh: 'normal(0, 0.1414213562)'}}",
       "{warmup: 100, steps: 300, count: 1, start: normal, sequences: 2}", 0.05,
       [](std::size_t) { return 0.15472422983137274; }},
  };
  return all;
}

KnownAnswer compute(const Case& known, const Catalog& catalog, const Surroundings& surroundings) {
  KnownAnswer answer{known.name, known.truth, 0, 0, 0, known.tolerance, false, ""};
  try {
    const std::string text = fmt::format(
        "lyap: 1\nname: {}\ntrials:\n  task: {{use: driven_noise, with: {{inputs: 2, variance: "
        "0}}}}\n  cell: {}\n  measure: [{{use: spectrum, with: {}}}]\n",
        known.name, known.cell, known.measure);
    const auto source = std::make_shared<Source>(Source{known.name, text, ""});
    const Plan plan = resolve(parse(parse_yaml(source), known.name), catalog);
    const Trial trial(plan, surroundings);
    const auto measured = measure_weights(trial, trial.first_weights());
    const std::vector<double>& exponents = measured.front().find("spectrum")->values;
    for (std::size_t i = 0; i < exponents.size(); ++i) {
      const double expected = known.expected(i);
      const bool both_dead = expected == dead && exponents[i] == dead;
      const double error = both_dead ? 0 : std::abs(exponents[i] - expected);
      if (i && error <= answer.error) continue;
      answer.expected = expected, answer.computed = exponents[i], answer.error = error;
    }
    answer.passed = answer.error <= known.tolerance;
  } catch (const Error& e) {
    answer.failure = e.what();
  }
  return answer;
}

}  // namespace

std::vector<KnownAnswer> compute_known_answers(const Catalog& catalog,
                                               const Surroundings& surroundings) {
  std::vector<KnownAnswer> answers;
  for (const Case& known : cases()) answers.push_back(compute(known, catalog, surroundings));
  return answers;
}

}  // namespace lyap::framework
