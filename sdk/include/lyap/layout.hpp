// lyap/layout.hpp - what a cell carries: state blocks, weights, noise.
#pragma once
#include <deque>
#include <stdexcept>
#include <string>
#include <vector>

#include "lyap/views.hpp"

namespace lyap {

/// A part of the state: rows from .. from+rows-1 of it.
struct StateId {
  int index = -1;
  Index from = 0, rows = 0;
};
/// A weight tensor, by its place in the declared order.
struct WeightId {
  int index = -1;
};

/// Filled by a cell's constructor; what it says is fixed from then on.
class Layout {
 public:
  Layout() = default;
  Layout(const Layout&) = delete;  // shape() points into it
  Layout& operator=(const Layout&) = delete;

  /// Appends `rows` rows to the state under a name: "h", "c". Throws std::invalid_argument when
  /// the name is taken or there are no rows.
  StateId state(const std::string& name, Index rows) {
    for (const lyap_block& other : blocks_) refuse_twin("state block", name, other.name);
    if (rows < 1) throw std::invalid_argument("state block '" + name + "' has no rows");
    blocks_.push_back({keep(name), rows});
    state_ += rows;
    return {static_cast<int>(blocks_.size()) - 1, state_ - rows, rows};
  }

  /// `init` is a default that the pipeline may override: "xavier_normal", "uniform(-0.1, 0.1)".
  /// Flags: lyap_weight_flag bits. Throws like state().
  WeightId weight(const std::string& name, Index rows, Index cols, const std::string& init,
                  int flags = LYAP_TRAINABLE) {
    for (const lyap_weight& other : weights_) refuse_twin("weight", name, other.name);
    if (rows < 1 || cols < 1) throw std::invalid_argument("weight '" + name + "' is empty");
    weights_.push_back({keep(name), keep(init), rows, cols, flags, 0});
    return {static_cast<int>(weights_.size()) - 1};
  }

  /// The block that the readout and the next layer see; by default the first.
  void output(StateId block) { output_ = block.index; }
  /// Rows of what an output map of the cell's own gives; recorded cells need not say it.
  void output_rows(Index rows) { outputs_ = rows; }

  /// Rows of N(0, 1) and of U(0, 1) that the kernel draws afresh for every step.
  void normal_noise(Index rows) { normal_ = rows; }
  void uniform_noise(Index rows) { uniform_ = rows; }
  /// Draw noise in analyses too, not only in training.
  void noise_in_analysis(bool on = true) { noise_in_analysis_ = on; }

  /// Numbers that a tape keeps per sample and step, for the kernel's memory budget; recorded
  /// cells need not say it.
  void remember(Index rows) { remembered_ = rows; }

  /// Everything said, in the border's words. Valid while this layout lives and is not added to.
  lyap_cell_shape shape(Index inputs, lyap_derivative derivative) const {
    if (blocks_.empty()) throw std::invalid_argument("the cell declares no state");
    return {sizeof(lyap_cell_shape),
            static_cast<std::uint32_t>(blocks_.size()),
            static_cast<std::uint32_t>(weights_.size()),
            static_cast<std::uint32_t>(output_),
            blocks_.data(),
            weights_.data(),
            inputs,
            state_,
            outputs_ > 0 ? outputs_ : blocks_[static_cast<std::size_t>(output_)].rows,
            normal_,
            uniform_,
            remembered_,
            noise_in_analysis_,
            derivative};
  }

  const std::vector<lyap_block>& blocks() const { return blocks_; }
  const std::vector<lyap_weight>& weights() const { return weights_; }
  Index state_rows() const { return state_; }
  Index normal_rows() const { return normal_; }
  Index uniform_rows() const { return uniform_; }

 private:
  const char* keep(const std::string& text) { return texts_.emplace_back(text).c_str(); }
  static void refuse_twin(const char* what, const std::string& name, const char* other) {
    if (name == other)
      throw std::invalid_argument(std::string(what) + " '" + name + "' is declared twice");
  }

  std::deque<std::string> texts_;  // a deque: addresses stay when it grows
  std::vector<lyap_block> blocks_;
  std::vector<lyap_weight> weights_;
  Index state_ = 0, outputs_ = 0, normal_ = 0, uniform_ = 0, remembered_ = 0;
  int output_ = 0;
  bool noise_in_analysis_ = false;
};

}  // namespace lyap
