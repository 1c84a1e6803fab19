// framework/report/word_tables.hpp - results along axes of words: scores of rules, counts of a
// confusion.
#pragma once
#include "report/axes.hpp"
#include "report/section.hpp"

namespace lyap::framework {

/// A table for a result whose last axes are words, with its interval when lower and upper ends
/// stand beside it, and then a chart of the intervals too. False: the result is none.
bool add_words(const ResultGroup& group, const MeasuredArray& array, Section& section);

}  // namespace lyap::framework
