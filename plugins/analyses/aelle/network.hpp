// aelle/network.hpp - the autoencoder's parameters and its passes forwards and backwards.
#pragma once
#include <cmath>
#include <cstring>
#include <lyap/lyap.hpp>
#include <vector>

#include "aelle/architecture.hpp"
#include "aelle/draws.hpp"

namespace lyap::aelle {

/// All weights in one vector, layer by layer, W before b: the optimiser sees only that.
template <Real S>
class Network {
 public:
  explicit Network(Architecture architecture)
      : architecture_(std::move(architecture)),
        parameters_(VectorOf<S>::Zero(architecture_.parameters())) {
    Index from = 0;
    for (const Layer& layer : architecture_.layers) {
      starts_.push_back(from);
      from += layer.parameters();
    }
  }
  template <Real T>
  explicit Network(const Network<T>& other) : Network(other.architecture()) {
    parameters_ = other.parameters().template cast<S>();
  }

  const Architecture& architecture() const { return architecture_; }
  VectorOf<S>& parameters() { return parameters_; }
  const VectorOf<S>& parameters() const { return parameters_; }

  Eigen::Map<const MatrixOf<S>> weight(Index layer) const {
    return {parameters_.data() + start(layer), at(layer).outputs, at(layer).inputs};
  }
  Eigen::Map<MatrixOf<S>> weight(Index layer) {
    return {parameters_.data() + start(layer), at(layer).outputs, at(layer).inputs};
  }
  Eigen::Map<const VectorOf<S>> bias(Index layer) const {
    return {parameters_.data() + start(layer) + at(layer).outputs * at(layer).inputs,
            at(layer).outputs};
  }
  Eigen::Map<VectorOf<S>> bias(Index layer) {
    return {parameters_.data() + start(layer) + at(layer).outputs * at(layer).inputs,
            at(layer).outputs};
  }

 private:
  const Layer& at(Index layer) const {
    return architecture_.layers[static_cast<std::size_t>(layer)];
  }
  Index start(Index layer) const { return starts_[static_cast<std::size_t>(layer)]; }

  Architecture architecture_;
  VectorOf<S> parameters_;
  std::vector<Index> starts_;
};

/// U(-1/sqrt(inputs), 1/sqrt(inputs)) for weights and biases, PyTorch's initial Linear.
template <Real S>
Network<S> first_network(const Architecture& architecture, const Host& host,
                         const std::string& stream) {
  Network<S> made(architecture);
  for (Index i = 0; i <= architecture.head_layer(); ++i) {
    const Layer& layer = architecture.layers[static_cast<std::size_t>(i)];
    const double bound = 1 / std::sqrt(static_cast<double>(layer.inputs));
    Matrix drawn(layer.outputs, layer.inputs + 1);
    host.uniform(stream + "/" + layer.name, drawn);
    drawn.array() = (2 * drawn.array() - 1) * bound;
    made.weight(i) = drawn.leftCols(layer.inputs).template cast<S>();
    made.bias(i) = drawn.rightCols(1).template cast<S>();
  }
  return made;
}

/// What the layers make of up to `columns` spectra at once; allocates nothing after that.
template <Real S>
class Passage {
 public:
  Passage(const Architecture& architecture, Index columns) : architecture_(architecture) {
    for (const Layer& layer : architecture.layers) {
      stages_.emplace_back();
      stages_.back().value.resize(layer.outputs, columns);
      stages_.back().bar.resize(layer.outputs, columns);
      if (!layer.dropout) continue;
      stages_.back().mask.resize(layer.outputs, columns);
      stages_.back().kept.resize(layer.outputs, columns);
    }
  }
  Index columns() const { return stages_.front().value.cols(); }
  auto code() const { return stage(architecture_.encoder - 1).value.leftCols(count_); }
  auto reconstruction() const { return output(architecture_.head_layer() - 1); }
  /// The head's number before its activation, 1 x count.
  auto score() const { return stages_.back().value.leftCols(count_); }
  /// dL/d reconstruction and dL/d score: what backward() begins with.
  auto reconstruction_bar() { return stage(architecture_.head_layer() - 1).bar.leftCols(count_); }
  auto score_bar() { return stages_.back().bar.leftCols(count_); }

  /// spectra: length x count, count <= columns(). Nothing is dropped without draws.
  void forward(const Network<S>& network, InOf<S> spectra, Draws* draws = nullptr,
               double dropout = 0) {
    dropping_ = draws && dropout > 0;
    encode(network, spectra, draws, dropout);
    decode(network, code(), draws, dropout);
    layer(network, architecture_.head_layer(), code(), draws, dropout);
  }
  /// Code and score alone.
  void predict(const Network<S>& network, InOf<S> spectra) {
    dropping_ = false;
    encode(network, spectra, nullptr, 0);
    layer(network, architecture_.head_layer(), code(), nullptr, 0);
  }
  /// The reconstruction of codes, latent x count, alone.
  void reconstruct(const Network<S>& network, InOf<S> codes) {
    dropping_ = false;
    count_ = codes.cols();
    decode(network, codes, nullptr, 0);
  }

  /// gradients := dL/d parameters of the spectra that went forward.
  void backward(const Network<S>& network, InOf<S> spectra, Network<S>& gradients) {
    const Index head = architecture_.head_layer(), encoder = architecture_.encoder;
    auto code_bar = stage(encoder - 1).bar.leftCols(count_);
    back(head, code(), gradients);
    code_bar.noalias() = network.weight(head).transpose() * stage(head).bar.leftCols(count_);
    for (Index i = head - 1; i > encoder; --i) {
      back(i, output(i - 1), gradients);
      stage(i - 1).bar.leftCols(count_).noalias() =
          network.weight(i).transpose() * stage(i).bar.leftCols(count_);
    }
    back(encoder, code(), gradients);
    code_bar.noalias() += network.weight(encoder).transpose() * stage(encoder).bar.leftCols(count_);
    for (Index i = encoder - 1; i > 0; --i) {
      back(i, output(i - 1), gradients);
      stage(i - 1).bar.leftCols(count_).noalias() =
          network.weight(i).transpose() * stage(i).bar.leftCols(count_);
    }
    back(0, spectra, gradients);
  }

 private:
  struct Stage {
    MatrixOf<S> value;       // after the activation
    MatrixOf<S> mask, kept;  // kept = value * mask
    MatrixOf<S> bar;         // dL/d output, then dL/d(W input + b)
  };
  Stage& stage(Index i) { return stages_[static_cast<std::size_t>(i)]; }
  const Stage& stage(Index i) const { return stages_[static_cast<std::size_t>(i)]; }
  bool dropped(Index i) const {
    return dropping_ && architecture_.layers[static_cast<std::size_t>(i)].dropout;
  }
  Eigen::Block<const MatrixOf<S>, Eigen::Dynamic, Eigen::Dynamic, true> output(Index i) const {
    return (dropped(i) ? stage(i).kept : stage(i).value).leftCols(count_);
  }

  void encode(const Network<S>& network, InOf<S> spectra, Draws* draws, double dropout) {
    count_ = spectra.cols();
    layer(network, 0, spectra, draws, dropout);
    for (Index i = 1; i < architecture_.encoder; ++i)
      layer(network, i, output(i - 1), draws, dropout);
  }
  void decode(const Network<S>& network, InOf<S> codes, Draws* draws, double dropout) {
    layer(network, architecture_.encoder, codes, draws, dropout);
    for (Index i = architecture_.encoder + 1; i < architecture_.head_layer(); ++i)
      layer(network, i, output(i - 1), draws, dropout);
  }

  void layer(const Network<S>& network, Index i, InOf<S> input, Draws* draws, double dropout) {
    Stage& s = stage(i);
    auto value = s.value.leftCols(count_);
    value.noalias() = network.weight(i) * input;
    value.colwise() += network.bias(i);
    activate(architecture_.layers[static_cast<std::size_t>(i)].activation, value);
    if (!dropped(i)) return;
    draws->mask(dropout, s.mask.data(), value.size());
    s.kept.leftCols(count_) = value.cwiseProduct(s.mask.leftCols(count_));
  }
  template <class Block>
  static void activate(Activation activation, Block& value) {
    if (activation == Activation::Tanh) value = value.array().tanh();
    if (activation == Activation::Relu) value = value.cwiseMax(S(0));
    if (activation == Activation::Leaky) value = value.cwiseMax(S(leak) * value);
  }

  /// bar: from the layer's output to its W input + b; and the gradients of W and b.
  void back(Index i, InOf<S> input, Network<S>& gradients) {
    Stage& s = stage(i);
    auto bar = s.bar.leftCols(count_);
    const auto value = s.value.leftCols(count_).array();
    if (dropped(i)) bar.array() *= s.mask.leftCols(count_).array();
    const Activation activation = architecture_.layers[static_cast<std::size_t>(i)].activation;
    if (activation == Activation::Tanh) bar.array() *= 1 - value.square();
    if (activation == Activation::Relu) bar.array() *= (value > S(0)).template cast<S>();
    if (activation == Activation::Leaky)
      bar.array() *= S(leak) + S(1 - leak) * (value > S(0)).template cast<S>();
    gradients.weight(i).noalias() = bar * input.transpose();
    gradients.bias(i) = bar.rowwise().sum();
  }

  Architecture architecture_;
  std::vector<Stage> stages_;
  Index count_ = 0;
  bool dropping_ = false;
};

}  // namespace lyap::aelle
