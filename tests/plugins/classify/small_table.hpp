// tests/plugins/classify/small_table.hpp - tables of a few networks, classified.
#pragma once
#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "model/border.hpp"

#include "../studied.hpp"

namespace classify_test {

using studied::array;
using studied::Field;
using studied::Measurement;
using studied::missing;
using studied::Place;
using Inputs = std::map<std::string, studied::MeasuredArray>;

inline std::int64_t count(const std::vector<double>& values) {
  return static_cast<std::int64_t>(values.size());
}

inline studied::MeasuredArray target(const std::vector<double>& values) {
  return array("loss[network]", {count(values)}, values);
}
inline studied::MeasuredArray part(const std::vector<double>& values) {
  return array("part[network]", {count(values)}, values);
}
/// One component of one seed at one checkpoint.
inline studied::MeasuredArray coordinate(const std::vector<double>& values) {
  return array("coordinate[seed, network, checkpoint, component]", {1, count(values), 1, 1},
               values);
}
inline studied::MeasuredArray coordinates(std::vector<std::int64_t> shape,
                                          const std::vector<double>& values) {
  return array("coordinate[seed, network, checkpoint, component]", std::move(shape), values);
}
/// networks x checkpoints, checkpoint fastest.
inline studied::MeasuredArray losses(std::int64_t checkpoints, const std::vector<double>& values) {
  return array("loss[network, checkpoint]", {count(values) / checkpoints, checkpoints}, values);
}
inline studied::MeasuredArray spectra(std::int64_t checkpoints, std::int64_t length,
                                      const std::vector<double>& values) {
  return array("exponent[network, checkpoint, index] nats/step",
               {count(values) / checkpoints / length, checkpoints, length}, values);
}

/// Few bootstrap draws unless the options say more.
inline Measurement classify(const std::string& options, const Inputs& inputs,
                            const Place& place = Place()) {
  const bool says = options.find("draws:") != std::string::npos;
  return studied::study("classify",
                        options + (says              ? ""
                                   : options.empty() ? "draws: 0"
                                                     : ", draws: 0"),
                        inputs, place);
}

/// What it is refused with, without the name of the analysis in front.
inline std::string refused(const std::string& options, const Inputs& inputs) {
  const std::string sentence = measured::refusal([&] { classify(options, inputs); });
  const std::string who = "analysis 'classify': ";
  CAPTURE(sentence);
  REQUIRE(sentence.starts_with(who));
  return sentence.substr(who.size());
}

/// Numbers of one row: the last axis at a place along the others.
inline std::vector<double> row(const Measurement& m, const std::string& port,
                               const std::vector<std::int64_t>& place) {
  const Field field(m, port);
  const auto& shape = field.shape();
  REQUIRE(place.size() + 1 == shape.size());
  std::int64_t at = 0;
  for (std::size_t a = 0; a < place.size(); ++a) at = at * shape[a] + place[a];
  const auto begin = field.values().begin() + at * shape.back();
  return {begin, begin + shape.back()};
}

using Row = std::vector<double>;

/// Equal to rounding; missing equals missing.
inline bool same(const Row& a, const Row& b, double tolerance = 1e-12) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i]) != std::isnan(b[i])) return false;
    if (std::abs(a[i] - b[i]) > tolerance) return false;
  }
  return true;
}

}  // namespace classify_test
