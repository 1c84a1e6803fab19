// tests/parity/tangent_quantities.cpp - R, exponents, finite-time exponents and Q of a case.
#include <cmath>

#include "linalg/factorise.hpp"
#include "lyap/model.hpp"
#include "model/border.hpp"
#include "quantities.hpp"

namespace lyap::parity {
using namespace framework;

namespace {

/// diag R of every block, exponents, finite-time exponents and the last Q of one sequence.
struct Tangents {
  std::vector<double> r, exponents, finite_time, q;
};

Tangents tangents(const lyap::Pass& pass, const nlohmann::json& run, Index steps, Index sample) {
  const Scope scope = run.at("scope") == "full" ? Scope::Full : Scope::Hidden;
  const Index n = run.at("n"), warmup = run.at("warmup"), every = run.at("t_on");
  Matrix Q = Matrix::Identity(n, n), J(n, n), JQ(n, n);
  std::vector<double> diagonal(static_cast<std::size_t>(n)), sum(diagonal.size(), 0.0);
  Tangents result;
  for (Index t = 1; t <= steps; ++t) {
    pass.jacobian(t, sample, scope, J);
    JQ.noalias() = J * Q;
    Q = JQ;
    const Index measured = t - warmup;
    if (measured > 0 && measured % every != 0 && t < steps) continue;
    framework::qr(Q, diagonal);
    if (measured <= 0) continue;
    for (std::size_t i = 0; i < sum.size(); ++i) {
      sum[i] += std::log(diagonal[i]);
      result.r.push_back(diagonal[i]);
      result.finite_time.push_back(sum[i] / static_cast<double>(measured));
    }
  }
  for (const double s : sum) result.exponents.push_back(s / static_cast<double>(steps - warmup));
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j) result.q.push_back(Q(i, j));
  return result;
}

void append(std::vector<double>& to, const std::vector<double>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

void check_tangents(const Fixture& f, const Trial& trial, Comparison& comparison) {
  const auto kernel_model = trial.model(trial.first_weights());
  const lyap::Model model(&model_ops(), lend(std::as_const(*kernel_model)));
  const lyap::Data data(&framework::Task::lent_ops(), trial.task().lent());
  std::vector<std::int64_t> all;
  for (std::int64_t b = 0; b < f.batch; ++b) all.push_back(b);
  Matrix input(model.inputs(), f.steps * f.batch), none(0, 0);
  data.fetch({Split::Train, all}, input, none);
  const Reference start = f.reference("state0");
  lyap::Pass pass = model.begin(f.batch, f.steps);
  pass.start(Eigen::Map<const Matrix>(start.values.data(), f.state, f.batch));
  pass.run(input);

  for (const nlohmann::json& run : f.sidecar.at("runs")) {
    const std::string prefix = run.at("prefix");
    Tangents ours;
    for (Index b = 0; b < f.batch; ++b) {
      const Tangents one = tangents(pass, run, f.steps, b);
      append(ours.r, one.r), append(ours.exponents, one.exponents);
      append(ours.finite_time, one.finite_time), append(ours.q, one.q);
    }
    const std::size_t n = run.at("n");
    const auto per_index = [&](const char* key) {
      const auto list = run.at(key).get<std::vector<double>>();
      // Shorter than n when directions die in some sequence; the others are still compared.
      return [=](std::size_t i) { return i % n < list.size() ? list[i % n] : 1e-9; };
    };
    const Reference r = f.reference(prefix + "r_diag");
    const auto relative = per_index("r_diag_rel_tol");
    comparison.check(prefix + "r_diag", r, ours.r, [&](std::size_t i) {
      return relative(i) * std::max(std::abs(r.values[i]), 1e-300);
    });
    comparison.check(prefix + "le", f.reference(prefix + "le"), ours.exponents,
                     per_index("le_tol"));
    if (f.has(prefix + "ftle")) {
      // (1/t) times the sum of logarithms whose relative errors are r_diag's.
      const auto tolerance = per_index("r_diag_rel_tol");
      comparison.check(prefix + "ftle", f.reference(prefix + "ftle"), ours.finite_time, tolerance);
    }
    if (f.has(prefix + "q_final"))
      comparison.check(prefix + "q_final", f.reference(prefix + "q_final"), ours.q,
                       per_index("q_final_tol"));
  }
}

}  // namespace lyap::parity
