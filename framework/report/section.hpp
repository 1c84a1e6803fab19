// framework/report/section.hpp - one section of a report: text, tables, charts, pictures.
#pragma once
#include <string>
#include <vector>

#include "report/chart.hpp"

namespace lyap::framework {

struct ReportTable {
  std::string title, caption;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  ///< the first cell names the row
  std::string lines;                           ///< instead: text in aligned columns, shown as it is
};

/// A PNG file with what it shows.
struct ReportPicture {
  std::string title, caption, png;
};

struct Section {
  std::string title, id;  ///< id: of its anchor, and in the names of its files
  std::vector<std::string> paragraphs;
  std::vector<ReportTable> tables;
  std::vector<Chart> charts;
  std::vector<ReportPicture> pictures;

  bool empty() const {
    return paragraphs.empty() && tables.empty() && charts.empty() && pictures.empty();
  }
};

}  // namespace lyap::framework
