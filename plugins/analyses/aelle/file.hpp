// aelle/file.hpp - autoencoders as a file that a later run applies to other spectra.
#pragma once
#include <lyap/lyap.hpp>
#include <string>
#include <utility>
#include <vector>

#include "aelle/autoencoder.hpp"

namespace lyap::aelle {

inline constexpr const char* file_format = "lyap aelle 1";

/// The first autoencoder's tensors stand under their plain names.
inline std::string prefix_of(Index seed) {
  return seed == 0 ? "" : "seed" + std::to_string(seed) + ".";
}

namespace detail {

/// Tensors beside the layers, each a matrix.
inline std::vector<std::pair<const char*, Matrix>> figures_of(const Autoencoder& a) {
  const auto one = [](double x) { return Matrix::Constant(1, 1, x); };
  return {{"input.mean", a.input.mean},
          {"input.deviation", a.input.deviation},
          {"target.losses", a.target.losses},
          {"target.seen", a.target.seen},
          {"target.clamped", one(a.target.clamped)},
          {"pca.mean", a.axes.mean},
          {"pca.directions", a.axes.directions},
          {"pca.explained", a.axes.explained},
          {"pca.boundary", one(a.boundary)},
          {"pca.orientation", one(a.orientation)},
          {"threshold", one(a.threshold)},
          {"best_epoch", one(static_cast<double>(a.best_epoch))}};
}

}  // namespace detail

inline void write(Context& context, const std::vector<Autoencoder>& all,
                  const std::string& compat) {
  constexpr const char* file = "aelle";
  const Architecture& shape = all.front().network.architecture();
  for (Index seed = 0; seed < std::ssize(all); ++seed) {
    const Autoencoder& a = all[static_cast<std::size_t>(seed)];
    for (Index i = 0; i <= shape.head_layer(); ++i) {
      const std::string name = prefix_of(seed) + shape.layers[static_cast<std::size_t>(i)].name;
      context.tensor(file, name + ".weight", Matrix(a.network.weight(i)));
      context.tensor(file, name + ".bias", Matrix(a.network.bias(i)));
    }
    for (const auto& [name, values] : detail::figures_of(a))
      context.tensor(file, prefix_of(seed) + name, values);
  }
  const auto note = [&](const char* key, const std::string& text) {
    context.note(file, key, text);
  };
  note("format", file_format);
  note("variant", shape.variant);
  note("head", name_of(shape.head));
  note("latent", std::to_string(shape.latent));
  note("length", std::to_string(shape.length));
  note("seeds", std::to_string(all.size()));
  note("unit", "nats/step");
  note("center", all.front().axes.center ? "on" : "off");
  note("compat", compat);
}

namespace detail {

inline Index whole(const Host& host, const std::string& path, const char* key) {
  const std::string text = host.read_note(path, key);
  try {
    return std::stoll(text);
  } catch (const std::exception&) {
    throw BadData(path + ": '" + key + "' is '" + text + "', not a number; write the file again");
  }
}

inline Matrix tensor(const Host& host, const std::string& path, const std::string& name, Index rows,
                     Index cols) {
  Matrix read = host.read_tensor(path, name);
  if (read.rows() == rows && (cols < 0 || read.cols() == cols)) return read;
  throw BadData(path + ": '" + name + "' is " + std::to_string(read.rows()) + " x " +
                std::to_string(read.cols()) + ", which does not fit its variant; write it again");
}

inline Autoencoder read_one(const Host& host, const std::string& path, const Architecture& shape,
                            const std::string& prefix) {
  const auto one = [&](const char* name) { return tensor(host, path, prefix + name, 1, 1)(0, 0); };
  Network<double> network(shape);
  for (Index i = 0; i <= shape.head_layer(); ++i) {
    const Layer& layer = shape.layers[static_cast<std::size_t>(i)];
    const std::string name = prefix + layer.name;
    network.weight(i) = tensor(host, path, name + ".weight", layer.outputs, layer.inputs);
    network.bias(i) = tensor(host, path, name + ".bias", layer.outputs, 1);
  }
  const InputScale input{tensor(host, path, prefix + "input.mean", shape.length, 1),
                         tensor(host, path, prefix + "input.deviation", shape.length, 1)};
  const Matrix directions = tensor(host, path, prefix + "pca.directions", shape.latent, -1);
  const PrincipalAxes axes{tensor(host, path, prefix + "pca.mean", shape.latent, 1), directions,
                           tensor(host, path, prefix + "pca.explained", directions.cols(), 1),
                           host.read_note(path, "center") == "on"};
  return {std::move(network),
          input,
          {host.read_tensor(path, prefix + "target.losses"),
           host.read_tensor(path, prefix + "target.seen"), one("target.clamped") != 0},
          axes,
          one("threshold"),
          one("pca.boundary"),
          one("pca.orientation"),
          static_cast<Index>(one("best_epoch"))};
}

}  // namespace detail

/// BadData: not such a file, or of spectra of another length.
inline std::vector<Autoencoder> read(const Host& host, const std::string& path, Index length) {
  const std::string format = host.read_note(path, "format");
  if (format != file_format)
    throw BadData(path + " has the format '" + format + "', and '" + file_format +
                  "' can be read; train it again");
  const Index wanted = detail::whole(host, path, "length");
  if (wanted != length)
    throw BadData(path + " was trained on spectra of " + std::to_string(wanted) +
                  " exponents, and these have " + std::to_string(length) +
                  "; bring them to that length with `interpolate`");
  const std::string head = host.read_note(path, "head");
  const auto known = std::find(std::begin(head_names), std::end(head_names), head);
  const std::string variant = host.read_note(path, "variant");
  if (known == std::end(head_names) ||
      std::find(std::begin(variants), std::end(variants), variant) == std::end(variants))
    throw BadData(path + " holds a variant '" + variant + "' with a head '" + head +
                  "', which this version does not know");
  const Architecture shape = Architecture::of(variant, heads[known - std::begin(head_names)],
                                              length, detail::whole(host, path, "latent"));
  std::vector<Autoencoder> all;
  for (Index seed = 0; seed < detail::whole(host, path, "seeds"); ++seed)
    all.push_back(detail::read_one(host, path, shape, prefix_of(seed)));
  return all;
}

}  // namespace lyap::aelle
