// framework/report/aligned_tables.hpp - the tables that analyses write as lines of aligned text.
#pragma once
#include <string>
#include <vector>

#include "report/section.hpp"

namespace lyap::framework {

/// The tables in lines of aligned text, as the note "table" has them. Columns are apart where every
/// line of a table is blank, its first line names them, a line above it those that it spans, and
/// those behind a bar "|" are published values. A line without columns before a table is about it,
/// after the last one a note on it. Lines that are no table come back as `lines`.
std::vector<ReportTable> tables_in(const std::string& text, const std::string& title);

/// Whether a table sets published values beside ours: a column, a row or a note names them.
bool tells_published(const ReportTable& table);

}  // namespace lyap::framework
