// framework/report/measure_view.hpp - a measure while its charts are made.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "report/axes.hpp"
#include "report/section.hpp"

namespace lyap::framework {

using Axes = std::vector<std::string>;

/// Over these axes results are averaged: their places are like each other.
inline const Axes repeated = {"seed", "sequence", "draw", "start"};

/// "input gradient", "spectrum (nats/step)".
std::string titled(const MeasuredArray& array);
/// Of growth: nats or bits a step.
bool is_rate(const MeasuredArray& array);

struct MeasureView {
  const ResultGroup& group;
  Section& section;
  std::set<std::string> drawn = {};  ///< results that stand in a chart of another

  /// One place of every axis that is not kept: the last checkpoint, the headline's combination,
  /// else the first. The caption says which.
  MeasuredArray chosen(MeasuredArray array, const Axes& keep, std::string& caption) const;
  /// The result PORT_ENDING or ENDING of the same axes and unit; null when there is none.
  const MeasuredArray* beside(const MeasuredArray& array, const std::string& ending) const;
  /// Adds a chart under "NAME OF THE MEASURE: name".
  void add(const std::string& name, Chart chart);
};

/// Along the index, with the band beside it; a line a checkpoint, or a place of another axis.
void add_spectrum(MeasureView& view, const MeasuredArray& array);
/// [time, index]: a line an index.
void add_history(MeasureView& view, const MeasuredArray& array);
/// [.., time, index] with words: over the index, coloured by step, a panel a word.
void add_curves(MeasureView& view, const MeasuredArray& array);
/// Mean and standard error along the axis x, a series a word of the axis that remains.
void add_means(MeasureView& view, const MeasuredArray& array, const std::string& x);
/// [sequence, time, unit]: a line a unit.
void add_traces(MeasureView& view, const MeasuredArray& array);
/// [sequence, time]: along the input.
void add_input(MeasureView& view, const MeasuredArray& array);
/// What a network says and the result `target`.
void add_with_target(MeasureView& view, const MeasuredArray& array);
/// One sequence of [sequence, time, index] as cells.
void add_field(MeasureView& view, const MeasuredArray& array);
/// [.., row, column] over the places of pictures.
void add_map(MeasureView& view, const MeasuredArray& array);
/// [.., bin] with the edges beside it.
void add_histogram(MeasureView& view, const MeasuredArray& array);

}  // namespace lyap::framework
