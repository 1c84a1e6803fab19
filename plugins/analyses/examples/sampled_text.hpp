// examples/sampled_text.hpp - symbols that a network writes by itself.
#pragma once
#include <cmath>
#include <lyap/lyap.hpp>
#include <string>

namespace lyap::examples {

/// Probabilities of the classes at a temperature.
inline Vector softmax(In output, double temperature) {
  Vector p = output.col(0) / temperature;
  p = (p.array() - p.maxCoeff()).exp();
  return p / p.sum();
}

/// The symbol whose share of [0, 1) holds `u`.
inline Index drawn(const Vector& probabilities, double u) {
  Index k = 0;
  for (double sum = probabilities[0]; sum <= u && k + 1 < probabilities.size();)
    sum += probabilities[++k];
  return k;
}

/// Line ends would break the table.
inline std::string written(const char* symbol) {
  const std::string text = symbol;
  return text == "\n" ? "⏎" : text;
}

/// The second of two blanks is one that does not break: two would tell columns of a table apart.
inline std::string without_columns(std::string line) {
  for (std::size_t at; (at = line.find("  ")) != std::string::npos;)
    line.replace(at + 1, 1, "\u00A0");
  return line;
}

/// A line a sequence: its end, then what the network writes, each symbol drawn with the probability
/// it has and given as the next input.
inline std::string sampled_text(const Model& model, const lyap_task_shape& task,
                                const Matrix& input, Index count, Index characters,
                                double temperature, const Host& host) {
  const Index steps = input.cols() / count;
  Pass pass = model.begin(count);
  pass.start();
  for (Index from = 0; from < steps;) {
    const Index chunk = std::min(pass.capacity(), steps - from);
    pass.run(input.middleCols(from * count, chunk * count));
    from += chunk;
    if (from == steps) break;
  }
  std::vector<std::string> lines(static_cast<std::size_t>(count));
  for (Index s = 0; s < count; ++s) {
    std::string& line = lines[static_cast<std::size_t>(s)];
    for (Index t = std::max<Index>(0, steps - 40); t < steps; ++t) {
      Index symbol = 0;
      input.col(t * count + s).maxCoeff(&symbol);
      line += written(task.symbols[symbol]);
    }
    line += " | ";
  }
  Matrix chance(count, characters), output(model.outputs(), count);
  host.uniform("examples/text", chance);
  Index last = steps % pass.capacity() ? steps % pass.capacity() : std::min(steps, pass.capacity());
  for (Index c = 0; c < characters && !host.stopped(); ++c, last = 1) {
    pass.output(last, output);
    Matrix next = Matrix::Zero(task.inputs, count);
    for (Index s = 0; s < count; ++s) {
      const Index symbol = drawn(softmax(output.col(s), temperature), chance(s, c));
      next(symbol, s) = 1;
      lines[static_cast<std::size_t>(s)] += written(task.symbols[symbol]);
    }
    pass.run(next);
  }
  std::string text = "end of the input | what the network writes after it";
  for (const std::string& line : lines) text += "\n" + without_columns(line);
  return text;
}

}  // namespace lyap::examples
