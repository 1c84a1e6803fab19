// tests/plugins/gradient/weights_test.cpp - dL/dW assembled from Q and R beside differences of the
// loss.
#include "../measured.hpp"
#include "gradient/forms.hpp"
#include "model/border.hpp"

using namespace measured;
using namespace lyap::framework;

TEST_CASE("dL/dW = sum_t (ds_t/dW)^T Q_t v_t is what central differences of the loss say") {
  const Case small("{use: chaos, with: {length: 400, window: 9}}", cell("lstm", "units: 3", 2),
                   use("gradient", "sequences: 1"));
  const auto kernel = small.trial.model(small.trial.first_weights());
  const lyap::Model model(&model_ops(), lend(std::as_const(*kernel)));
  const lyap::Data data(&Task::lent_ops(), small.trial.task().lent());
  LentHost lent(small.place.surroundings, "test");
  const lyap::Host host(lent.lent());

  const std::int64_t which[] = {0};
  Matrix input(3, 9), target(3, 9);
  data.fetch({lyap::Split::Train, which}, input, target);
  lyap::Pass pass = model.begin(1, 9);
  const auto loss = [&] {
    pass.start();
    pass.run(input);
    lyap::Pass::Adjoints nothing;
    return pass.backward(target, nothing);
  };
  const double here = loss();
  CHECK(here > 0.1);
  lyap::Pass::Adjoints adjoints;
  adjoints.direct.resize(12, 9);
  pass.backward(target, adjoints);

  lyap_value full{}, forward{}, identity{};
  full.name = "state", full.text = "full";
  forward.name = "orientation", forward.text = "forward";
  identity.name = "q0", identity.text = "identity";
  const lyap_value values[] = {full, forward, identity};
  const lyap::analyses::FrameSettings frames(lyap::Values(values, 3));
  lyap::gradient::FrameHistory history(host, frames, 12, 9, 9);
  Matrix v(12, 10), gradient(12, 10);
  lyap::gradient::forward_form(history, pass, Matrix::Identity(12, 12), adjoints.direct, v,
                               gradient);
  std::vector<Matrix> assembled;
  for (const lyap_weight& w : model.weights()) {
    const bool of_cell = std::string_view(w.name).starts_with("cell.");
    assembled.push_back(of_cell ? Matrix(Matrix::Zero(w.rows, w.cols)) : Matrix());
  }
  for (Index t = 0; t <= 9; ++t) pass.pull_weights(t, gradient.col(t), assembled);

  for (std::size_t i = 0; i < assembled.size(); ++i) {
    if (assembled[i].size() == 0) continue;
    CAPTURE(model.weights()[i].name);
    auto W = lyap::view<double>(kernel->weights()[i]);
    Matrix differences(W.rows(), W.cols());
    const double h = 1e-5;
    for (Index j = 0; j < W.size(); ++j) {
      double& w = W(j % W.rows(), j / W.rows());
      const double kept = w;
      w = kept + h;
      const double above = loss();
      w = kept - h;
      differences(j % W.rows(), j / W.rows()) = (above - loss()) / (2 * h);
      w = kept;
    }
    // Rounding of the loss over h, and its third derivative times h^2 / 6.
    CHECK(gap(assembled[i], differences) < 1e-10);
    CHECK(differences.cwiseAbs().maxCoeff() > 1e-5);
  }
}
