// framework/pipeline/resolve_report.hpp - the charts that a pipeline asks for: do they name what is
// there?
#pragma once
#include "pipeline/plan.hpp"

namespace lyap::framework {

/// The list under `report`; every entry is one of
///
///     scatter: {x: REF, y: REF, colour: REF, split: median | best, panels: [REF or axis]}
///     histogram: {x: REF, colour: REF, stacked: on | off, panels: [...]}
///     lines: {x: axis, y: REF, colour: REF or axis, band: REF, points: on | off, panels: [...]}
///     table: REF
///
/// with REF a column, trials.COLUMN, or a result of a step, STEP.RESULT; a place of the last axis
/// may follow, a number from 1 or a word: aelle.coordinate.1.
void check_report(const Plan& plan, Mistakes& mistakes);

}  // namespace lyap::framework
