// framework/pipeline/reference_page.cpp - what a pipeline file may say, as a reference page.
#include "pipeline/reference_page.hpp"

#include <fmt/format.h>

#include <limits>

#include "base/text.hpp"
#include "model/initialiser_rules.hpp"
#include "pipeline/reference_keys.hpp"
#include "plugin/markdown.hpp"

namespace lyap::framework {
namespace {

constexpr const char* beginning = R"(# Pipeline files

An experiment is a YAML file. Keys that do not exist, values of the wrong type and results that no
step gives are all told at once, with their places, before anything is computed. `lyap plan FILE`
shows what a file means, `-s path=value` replaces a value (`-s trials.cell.use=gru`), `--preset NAME`
a set of them.
)";

constexpr const char* forms = R"(
## Variables of a sweep

| form | values |
|---|---|
| `[lstm, gru]` | these |
| `{from: 1.1, to: 2.0, count: 10}` | a grid; `spacing: log` for equal ratios; `step: 0.1` in the place of `count` |
| `{count: 24}` | 0 to 23: independent networks |
| `{uniform: [0.04, 0.4], digits: 3}` | a draw at every point, rounded to 3 digits |
| `{log_uniform: [0.01, 3]}`, `{normal: [0, 1]}`, `{integer: [1, 8]}` | other draws: low and high, mean and deviation, low and high |
| `$p / sqrt($units)` | an expression of other variables |

Lists, grids and counts are axes: the points are their product, the last one fastest. `$name` or
`${name}` anywhere below `trials`, or in `seed`, stands for the value at the point.

## Columns of the table

| under `record` | the column holds |
|---|---|
| `$gain` | a variable of the sweep |
| `train.validation_loss` | a figure of the epoch whose weights were kept |
| `train.seconds`, `train.best_epoch` | what training took; the epoch that was best |
| `le.spectrum` | a result of a measurement, at the last epoch that was measured |
| `le.seconds` | what the measurement took |
| `cell.parameters` | how many weights the network has |

`[0, 1, 5]` or `[every]` behind a figure or result takes it at these epochs, along the axis `checkpoint`.

## Charts

| under `report` | shows |
|---|---|
| `scatter: {x: REF, y: REF, colour: REF, split: median, panels: [REF]}` | a point for each network |
| `histogram: {x: REF, colour: REF, stacked: on, panels: [REF]}` | how many networks |
| `lines: {x: AXIS, y: REF, colour: REF, band: REF, points: off, panels: [REF]}` | values along an axis |
| `table: REF` | a result as a table |

REF is a column, `trials.COLUMN`, or a result, `STEP.RESULT`; a place of its last axis may follow, a
number from 1 or a word: `aelle.coordinate.1`.

## Initialisers

Extents are those of the whole tensor, gates included, in PyTorch's convention: fan_in is its columns,
fan_out its rows. Arguments go by position or by name.

)";

std::string map_section(const ReferenceMap& map) {
  std::vector<std::vector<std::string>> rows;
  for (const ReferenceKey& key : map.keys)
    rows.push_back({as_code(key.key), in_markdown(key.takes), in_markdown(key.fallback),
                    in_markdown(key.meaning)});
  return fmt::format("\n## Keys of {}\n\n{}", map.place,
                     markdown_table({"key", "takes", "default", "meaning"}, rows));
}

/// Ends that no number passes are not told.
std::string range_of(const InitialiserParameter& parameter) {
  const bool low = parameter.low > std::numeric_limits<double>::lowest();
  const bool high = parameter.high < std::numeric_limits<double>::max();
  if (low && high) return fmt::format("{} {}..{}", parameter.name, parameter.low, parameter.high);
  if (low) return fmt::format("{} at least {}", parameter.name, parameter.low);
  if (high) return fmt::format("{} at most {}", parameter.name, parameter.high);
  return "";
}

std::string initialisers() {
  std::vector<std::vector<std::string>> rows;
  for (const InitialiserRule& rule : initialiser_rules()) {
    std::vector<std::string> arguments, ranges;
    for (const InitialiserParameter& parameter : rule.parameters) {
      arguments.push_back(parameter.fallback
                              ? fmt::format("{}={}", parameter.name, *parameter.fallback)
                              : parameter.name);
      if (const std::string range = range_of(parameter); !range.empty()) ranges.push_back(range);
    }
    rows.push_back({as_code(rule.name + (arguments.empty() ? "" : "(" + join(arguments) + ")")),
                    join(ranges)});
  }
  return markdown_table({"initialiser", "ranges"}, rows);
}

}  // namespace

std::string pipeline_page() {
  std::string page = beginning;
  for (const ReferenceMap& map : reference_maps()) page += map_section(map);
  return page + forms + initialisers();
}

}  // namespace lyap::framework
