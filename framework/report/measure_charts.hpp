// framework/report/measure_charts.hpp - charts of what one measure or study gave, chosen by the
// axes and units of its results.
#pragma once
#include "report/axes.hpp"
#include "report/section.hpp"

namespace lyap::framework {

/// The rules, in this order; a result is drawn once, by the first that fits:
///   index (and checkpoint), with lower and upper or deviation beside   spectrum with its band
///   bins of a histogram                                               bars by the words of axes
///   time and index, in nats/step                                      history, a line an index
///   sequence, time, index                                             heat map of one sequence
///   time and unit                                                     traces of chosen units
///   sequence, time                                                    lines over the input
///   an axis with numbers of its own                                   mean and standard error
///   two axes of words                                                 table, with intervals
///   row, column in grey                                               pictures
/// `coordinate` of networks and what is along `network` belongs to the table of networks.
void add_measure(const ResultGroup& group, Section& section);

}  // namespace lyap::framework
