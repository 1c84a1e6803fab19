// framework/plugin/plugin.cpp - one plugin of a loaded library: what it says about itself, and its
// operations.
#include "plugin/plugin.hpp"

#include <fmt/format.h>

#include <cassert>

#include "plugin/library.hpp"

namespace lyap::framework {

namespace {

struct KindWords {
  std::string_view name, with_article, plural;
};

const KindWords& words_for(int kind) {
  static constexpr KindWords unknown{"plugin of an unknown kind", "a plugin of an unknown kind",
                                     "plugins of unknown kinds"};
  static constexpr KindWords known[] = {{"cell", "a cell", "cells"},
                                        {"task", "a task", "tasks"},
                                        {"trainer", "a trainer", "trainers"},
                                        {"analysis", "an analysis", "analyses"}};
  return kind < LYAP_CELL || kind > LYAP_ANALYSIS ? unknown : known[kind - LYAP_CELL];
}

}  // namespace

std::string_view kind_name(int kind) {
  return words_for(kind).name;
}

std::string_view kind_with_article(int kind) {
  return words_for(kind).with_article;
}

std::string_view kind_plural(int kind) {
  return words_for(kind).plural;
}

std::optional<int> kind_called(std::string_view word) {
  for (const int kind : {LYAP_CELL, LYAP_TASK, LYAP_TRAINER, LYAP_ANALYSIS})
    if (word == kind_name(kind)) return kind;
  return std::nullopt;
}

const lyap_option* Plugin::option(std::string_view name) const {
  for (const lyap_option& option : options())
    if (name == option.name) return &option;
  return nullptr;
}

std::vector<std::string> Plugin::option_names() const {
  std::vector<std::string> names;
  for (const lyap_option& option : options()) names.emplace_back(option.name);
  return names;
}

std::string Plugin::title() const {
  return fmt::format("{} '{}'", kind_name(kind()), id());
}

const lyap_cell_ops& Plugin::cell() const {
  assert(kind() == LYAP_CELL);
  return *static_cast<const lyap_cell_ops*>(table_->ops);
}

const lyap_task_ops& Plugin::task() const {
  assert(kind() == LYAP_TASK);
  return *static_cast<const lyap_task_ops*>(table_->ops);
}

const lyap_trainer_ops& Plugin::trainer() const {
  assert(kind() == LYAP_TRAINER);
  return *static_cast<const lyap_trainer_ops*>(table_->ops);
}

const lyap_analysis_ops& Plugin::analysis() const {
  assert(kind() == LYAP_ANALYSIS);
  return *static_cast<const lyap_analysis_ops*>(table_->ops);
}

const std::filesystem::path& Plugin::file() const {
  return library_->file();
}

const std::string& Plugin::sha256() const {
  return library_->sha256();
}

}  // namespace lyap::framework
