// tests/framework/pipeline/said.hpp - texts in, trees or error texts out.
#pragma once
#include <memory>
#include <string>

#include "base/error.hpp"
#include "pipeline/read_yaml.hpp"

namespace lyap::framework {

/// A text that is refused, and how.
struct Refusal {
  std::string text, sentence;
};

/// The tree of a text that messages call "p.yaml".
inline Node yaml(std::string text) {
  return parse_yaml(std::make_shared<const Source>(Source{"p.yaml", std::move(text), ""}));
}

/// What the InputError of `act` says, or "" when there is none.
template <class Act>
std::string said(const Act& act) {
  try {
    act();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

/// The first line of it.
template <class Act>
std::string first_line(const Act& act) {
  const std::string all = said(act);
  return all.substr(0, all.find('\n'));
}

}  // namespace lyap::framework
