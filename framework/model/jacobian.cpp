// framework/model/jacobian.cpp - who computes the derivatives of a step.
#include "model/jacobian.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "model/by_pushes.hpp"
#include "model/checked_jacobian.hpp"

namespace lyap::framework {
namespace {

/// The operations of the cell, written by hand or recorded.
class OfTheCell : public JacobianProvider {
 public:
  explicit OfTheCell(std::int32_t source) : source_(source) {}
  std::int32_t source() const override { return source_; }
  bool needs_points() const override { return false; }
  void jacobian(const Tape& tape, const lyap_block_request& request,
                lyap_matrix out) const override {
    tape.jacobian(request, out);
  }
  void push(const Tape& tape, lyap_point at, lyap_const_matrix v, lyap_const_matrix w,
            lyap_matrix out) const override {
    tape.push(at, v, w, out);
  }
  void pull(const Tape& tape, lyap_point at, lyap_const_matrix bar, lyap_matrix out_state,
            lyap_matrix out_input) const override {
    tape.pull(at, bar, out_state, out_input, nullptr);
  }

 private:
  std::int32_t source_;
};

class ByDifferences : public JacobianProvider {
 public:
  std::int32_t source() const override { return LYAP_BY_DIFFERENCES; }
  bool needs_points() const override { return true; }
  void jacobian(const Tape& tape, const lyap_block_request& request,
                lyap_matrix out) const override {
    jacobian_by_pushes(tape.cell(), request, out, [&](lyap_const_matrix v, lyap_matrix to) {
      tape.push_by_differences({request.t, request.sample, 1}, v, {}, to);
    });
  }
  void push(const Tape& tape, lyap_point at, lyap_const_matrix v, lyap_const_matrix w,
            lyap_matrix out) const override {
    tape.push_by_differences(at, v, w, out);
  }
  void pull(const Tape& tape, lyap_point at, lyap_const_matrix bar, lyap_matrix out_state,
            lyap_matrix out_input) const override {
    pull_by_pushes(tape.cell(), at, bar, out_state, out_input,
                   [&](lyap_point point, lyap_const_matrix v, lyap_const_matrix w,
                       lyap_matrix out) { tape.push_by_differences(point, v, w, out); });
  }
};

std::string word(std::int32_t derivative) {
  switch (derivative) {
    case LYAP_ANALYTIC:
      return "analytic";
    case LYAP_AUTOMATIC:
      return "automatic";
    default:
      return "differences";
  }
}

std::unique_ptr<JacobianProvider> choose(std::string_view choice, const CellHandle& cell) {
  const std::int32_t own = cell.derivative();
  if (choice == "differences" || (choice == "auto" && own == LYAP_BY_DIFFERENCES))
    return std::make_unique<ByDifferences>();
  if (choice == "auto" || choice == word(own)) return std::make_unique<OfTheCell>(own);
  if (choice != "analytic" && choice != "automatic") {
    const std::string guess =
        did_you_mean(choice, {"auto", "analytic", "automatic", "differences"});
    throw InputError("'jacobian: " + std::string(choice) + "' is unknown" +
                     (guess.empty() ? "; write auto, analytic, automatic or differences" : guess));
  }
  throw InputError("'jacobian: " + std::string(choice) + "' cannot be had: the derivative of " +
                   cell.who() + " is " + word(own) + "; write 'jacobian: " + word(own) +
                   "' or 'jacobian: auto'");
}

}  // namespace

std::unique_ptr<JacobianProvider> make_jacobian(std::string_view choice, const CellHandle& cell,
                                                std::int64_t check_every) {
  std::unique_ptr<JacobianProvider> provider = choose(choice, cell);
  // Differences compared with themselves would prove nothing.
  if (check_every <= 0 || provider->source() == LYAP_BY_DIFFERENCES) return provider;
  return std::make_unique<CheckedJacobian>(std::move(provider), check_every);
}

}  // namespace lyap::framework
