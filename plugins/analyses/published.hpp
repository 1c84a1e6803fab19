// plugins/analyses/published.hpp - what was published of the same figures, below our tables.
#pragma once
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

namespace lyap::analyses {

inline void declare_published(Options& o) {
  o.texts("published")
      .fallback("[]")
      .doc("lines shown below the table: what was published of the same figures");
}

inline std::string with_published(std::string table, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) table += "\npublished: " + line;
  return table;
}

}  // namespace lyap::analyses
