// framework/pipeline/source_lines.hpp - the lines of a text: where each begins, and what may not
// stand in them.
#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "pipeline/mistakes.hpp"
#include "pipeline/node.hpp"

namespace lyap::framework {

/// The lines of a source. Bytes count from 0 (as the YAML parser does), places from 1.
class SourceLines {
 public:
  explicit SourceLines(std::shared_ptr<const Source> source);

  /// Adds a mistake for the first byte that is no UTF-8, or is a control
  /// character, and for each line that is too long or indented with a tab.
  void check(Mistakes& mistakes) const;

  /// The place of the token that begins at a byte of a line; its length from `text`, what the
  /// parser made of it.
  Place place(int line, int byte, std::string_view text = "") const;

  /// Whether the quotes that open at this place are closed; true where there are none.
  bool closes(int line, int byte) const;

  /// The rest of a line from a byte on.
  std::string_view rest(int line, int byte) const;

 private:
  std::size_t offset(int line, int byte) const;
  std::string_view text() const { return source_->text; }

  std::shared_ptr<const Source> source_;
  std::vector<std::size_t> starts_;
};

}  // namespace lyap::framework
