// framework/report/headline_numbers.hpp - the numbers of a run or study in one table, with what is
// known of their uncertainty.
#pragma once
#include <string>
#include <vector>

#include "report/found.hpp"
#include "report/section.hpp"

namespace lyap::framework {

/// One number: of which step and checkpoint, and what is known of its uncertainty.
struct HeadlineNumber {
  std::string step, of, result, value, uncertainty, unit;
};

/// Figures of training at the last epoch, the largest exponent with its interval, means over
/// sequences with their standard error; of every measure the first and the last checkpoint.
std::vector<HeadlineNumber> headline_numbers(const Found& found);
ReportTable numbers_table(const Found& found);

}  // namespace lyap::framework
