// tests/framework/pipeline/resolve_report_test.cpp - charts that a pipeline asks for are checked
// before anything is computed.
#include "pipeline/resolve_report.hpp"

#include <doctest/doctest.h>

#include "said.hpp"
#include "swept.hpp"

using namespace lyap::framework;

namespace {

/// "p.yaml:line:column: sentence" of what is wrong with `report`, which begins in line 9.
std::string refusal_of(const std::string& report) {
  static const Catalog catalog({LYAP_PLUGIN_DIR});
  Mistakes mistakes;
  Node tree = yaml(
      "lyap: 1\n"
      "trials:\n"
      "  task: digits\n"
      "  cell: {use: rnn, with: {units: 4}}\n"
      "  measure: [{use: spectrum, as: le}]\n"
      "  record: {spectrum: le.spectrum, size: cell.parameters}\n"
      "study: [{use: embed, as: raw, from: {table: trials.spectrum}}]\n"
      "report:\n" +
      report);
  const Pipeline pipeline = read_pipeline(tree, "p.yaml", mistakes);
  try {
    resolve(pipeline, catalog, std::move(mistakes));
    return "";
  } catch (const MistakesError& error) {
    return lines(error.mistakes());
  }
}

}  // namespace

TEST_CASE("charts name columns, results, their places and axes") {
  CHECK(refusal_of("  - scatter: {x: raw.coordinate.1, y: raw.coordinate.2, colour: trials.size, "
                   "split: best, panels: [epoch]}\n"
                   "  - histogram: {x: trials.size, colour: trials.spectrum.1, stacked: true}\n"
                   "  - lines: {x: index, y: le.spectrum, points: on}\n"
                   "  - table: raw.explained\n") == "");
}

TEST_CASE("a chart of what is not there is a mistake with its place and the nearest name") {
  CHECK(refusal_of("  - scater: {x: trials.size}\n") ==
        "p.yaml:9:5: there is no chart 'scater'; did you mean 'scatter'?; there are scatter, "
        "histogram, "
        "lines, table\n");
  CHECK(refusal_of("  - scatter: {x: raw.coordinates.1, y: trials.sise}\n")
            .find("p.yaml:9:18: 'raw.coordinates' is not a result of 'embed'; did you mean "
                  "'coordinate'?; it "
                  "gives ") == 0);
  CHECK(refusal_of("  - histogram: {x: trials.sise}\n") ==
        "p.yaml:9:20: there is no column 'sise'; did you mean 'size'?; record gives spectrum, "
        "size\n");
  CHECK(refusal_of("  - histogram: {x: row.coordinate.1}\n") ==
        "p.yaml:9:20: there is no step 'row'; did you mean 'raw'?; there are trials, le, raw\n");
  CHECK(refusal_of("  - lines: {x: indx, y: trials.spectrum}\n") ==
        "p.yaml:9:16: 'indx' is no axis of spectrum[network, index] nats/step; did you mean "
        "'index'?\n");
  CHECK(refusal_of("  - histogram: {x: trials.size.1.1}\n").find("is no place of an axis") !=
        std::string::npos);
  CHECK(refusal_of("  - scatter: {x: trials.size, y: trials.size, splitt: best}\n")
            .find("did you mean 'split'?") != std::string::npos);
  CHECK(refusal_of("  - scatter: {x: trials.size}\n").find("'y'") != std::string::npos);
  CHECK(refusal_of("  - table\n").find("a chart is written") != std::string::npos);
}
