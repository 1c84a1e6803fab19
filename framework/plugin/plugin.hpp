// framework/plugin/plugin.hpp - one plugin of a loaded library: what it says about itself, and its
// operations.
#pragma once
#include <lyap/abi.h>

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lyap::framework {

class Library;

/// "cell", "task", "trainer", "analysis".
std::string_view kind_name(int kind);
/// "a cell", "an analysis", for sentences.
std::string_view kind_with_article(int kind);
/// "cells", "analyses", for headings.
std::string_view kind_plural(int kind);
/// The lyap_kind that this word names, if it names one.
std::optional<int> kind_called(std::string_view word);

/// A view of the plugin's own table, which stays for the rest of the process.
class Plugin {
 public:
  Plugin(const lyap_plugin& table, const Library& library) : table_(&table), library_(&library) {}

  int kind() const { return table_->kind; }
  std::string_view id() const { return table_->id; }
  std::string_view version() const { return table_->version; }
  std::string_view summary() const { return table_->summary; }
  std::string_view reference() const { return table_->reference; }
  std::span<const lyap_option> options() const { return {table_->options, table_->option_count}; }
  std::span<const lyap_port> ports() const { return {table_->ports, table_->port_count}; }
  /// Null when there is no such option.
  const lyap_option* option(std::string_view name) const;
  std::vector<std::string> option_names() const;
  /// "cell 'rank1'", as messages name it.
  std::string title() const;

  /// The functions; each asserts that the plugin is of that kind.
  const lyap_cell_ops& cell() const;
  const lyap_task_ops& task() const;
  const lyap_trainer_ops& trainer() const;
  const lyap_analysis_ops& analysis() const;

  const Library& library() const { return *library_; }
  const std::filesystem::path& file() const;
  /// SHA-256 of the library's file as it was when it was loaded, 64 hexadecimal digits.
  const std::string& sha256() const;

 private:
  const lyap_plugin* table_;
  const Library* library_;
};

}  // namespace lyap::framework
