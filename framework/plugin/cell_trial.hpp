// framework/plugin/cell_trial.hpp - a cell made for its conformance tests, and numbers to try it
// with.
#pragma once
#include <fmt/format.h>
#include <lyap/views.hpp>

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plugin/check_test.hpp"

namespace lyap::framework::checks {

/// A cell with the options of the check, destroyed with this object.
class MadeCell {
 public:
  /// CheckSkipped when create-defaults or shape-consistent is the test that has to say why not.
  explicit MadeCell(const CheckSubject& subject);
  MadeCell(const MadeCell&) = delete;
  MadeCell& operator=(const MadeCell&) = delete;
  ~MadeCell();

  const lyap_cell_ops& ops() const { return ops_; }
  const lyap_cell* get() const { return cell_; }
  const lyap_cell_shape& shape() const { return *ops_.shape(cell_); }
  std::string id() const { return id_; }
  std::uint64_t seed() const { return seed_; }

 private:
  std::string id_;
  std::uint64_t seed_;
  lyap_cell_ops ops_;
  lyap_cell* cell_;
};

/// Makes a cell with as many inputs as it will take of 3, 1, 2 and 0; null, and why in `reason`,
/// when it takes none of them. InputError: an option is wrong or missing.
lyap_cell* make_cell(const CheckSubject& subject, std::string& reason);

/// Calls an operation whose last argument is lyap_error*; CheckFailed with its sentence.
template <class Operation, class... Arguments>
void call(const char* name, Operation operation, Arguments&&... arguments) {
  lyap_error error{};
  const int code = operation(std::forward<Arguments>(arguments)..., &error);
  if (code != LYAP_OK) throw CheckFailed{fmt::format("{} reports: {}", name, error.text)};
}

/// What a cell is run on: `steps` steps of `batch` samples, rounded to float so that both
/// precisions start from the same point.
template <Real T>
struct Setting {
  Index batch, steps;
  std::vector<MatrixOf<T>> weights;
  MatrixOf<T> state, input, normal, uniform;

  /// The columns of one sample alone.
  Setting sample(Index b) const;
  /// The weights as the border takes them; valid while this object is not changed.
  std::vector<lyap_const_matrix> lent_weights() const;
};

template <Real T>
Setting<T> setting_for(const MadeCell& cell, Index batch, Index steps);

/// rows x cols from N(0, 1), always the same for the cell, the seed and the name.
template <Real T>
MatrixOf<T> random_matrix(const MadeCell& cell, const std::string& name, Index rows, Index cols);

/// The adjoint of a step.
template <Real T>
struct Adjoint {
  MatrixOf<T> state, input;
  std::vector<MatrixOf<T>> weights;
};

/// A tape with dense buffers around it; every failure of an operation is a CheckFailed. The
/// setting's weights must stay where they are while the tape is used.
template <Real T>
class OpenTape {
 public:
  OpenTape(const MadeCell& cell, Index steps, Index batch);
  /// Opened for the setting, and its weights bound.
  OpenTape(const MadeCell& cell, const Setting<T>& setting);
  OpenTape(const OpenTape&) = delete;
  OpenTape& operator=(const OpenTape&) = delete;
  ~OpenTape() { cell_.ops().close(tape_); }

  lyap_tape* get() const { return tape_; }
  void bind(const Setting<T>& setting);
  /// The states after steps at .. at+count-1 of the setting, begun from `state`.
  MatrixOf<T> run(const Setting<T>& setting, Index at, Index count, const MatrixOf<T>& state);
  /// All steps of the setting from its own state.
  MatrixOf<T> run(const Setting<T>& setting);
  MatrixOf<T> push(lyap_point point, const MatrixOf<T>& state, const MatrixOf<T>& input) const;
  Adjoint<T> pull(lyap_point point, const MatrixOf<T>& bar) const;
  MatrixOf<T> jacobian(const lyap_block_request& request, Index rows, Index cols) const;

 private:
  const MadeCell& cell_;
  lyap_tape* tape_;
};

/// An operand without data.
inline lyap_matrix absent(int dtype) {
  return {nullptr, 0, 0, 0, dtype, 0};
}
template <Real T>
lyap_const_matrix lend_or_absent(const MatrixOf<T>& m) {
  return m.size() > 0 ? lend(m) : read_only(absent(dtype_of<T>));
}

/// What two ways to the same number may differ by, relative to its size: sums of up to a thousand
/// products, taken in another order.
template <Real T>
inline constexpr double rounding = 2000.0 * std::numeric_limits<T>::epsilon();
/// Central differences in float64: error h^2 f'''/6 + eps/h with h = cbrt(eps), a factor of 1000
/// left for cells of large gain.
inline constexpr double differencing = 1e-7;
inline const double difference_step = std::cbrt(std::numeric_limits<double>::epsilon());

/// CheckFailed, naming the entry, when they differ by more than `tolerance` times 1 + the largest
/// entry; otherwise the largest such difference.
template <Real T>
double compare(const std::string& what, const MatrixOf<T>& a, const MatrixOf<T>& b,
               double tolerance);

/// Runs a test that returns its largest difference in both precisions and writes the note.
template <class Test>
std::string in_both_precisions(Test test) {
  const auto in = [](const char* name, auto run) {
    try {
      return run();
    } catch (const CheckFailed& failed) {
      throw CheckFailed{std::string("in ") + name + ", " + failed.sentence};
    }
  };
  const double wide = in("float64", [&] { return test(double{}); });
  const double narrow = in("float32", [&] { return test(float{}); });
  return fmt::format("largest difference {:.0e} in float64, {:.0e} in float32", wide, narrow);
}

}  // namespace lyap::framework::checks
