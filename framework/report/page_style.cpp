// framework/report/page_style.cpp - how a report looks: light, dark, and on paper.
#include "report/page_parts.hpp"

namespace lyap::framework {

const std::string_view page_style = R"css(
:root { --back: #ffffff; --text: #1c1f23; --soft: #5a6270; --line: #d9dde3; --panel: #f5f6f8;
  --link: #0b5cad; color-scheme: light; }
@media (prefers-color-scheme: dark) { :root { --back: #14171b; --text: #e6e8eb; --soft: #a3abb8;
  --line: #343a43; --panel: #1d2127; --link: #7db7f0; color-scheme: dark; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
.skip { position: absolute; left: -100em; }
.skip:focus { left: 1em; top: 1em; background: var(--back); padding: .5em; z-index: 9; }
header, main, footer { max-width: 1080px; margin: 0 auto; padding: 0 20px; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 1.6rem 0 .4rem; }
h2 { font-size: 1.35rem; margin: 2.6rem 0 .6rem; border-bottom: 1px solid var(--line);
  padding-bottom: .25rem; }
h3 { font-size: 1.02rem; margin: 1.4rem 0 .2rem; }
a { color: var(--link); }
p { max-width: 75ch; }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; padding: 0; list-style: none; }
.note { color: var(--soft); font-size: .9rem; max-width: 90ch; margin: .2rem 0 .5rem; }
.warning { border-left: 4px solid #d55e00; background: var(--panel); padding: .6rem 1rem; }
figure { margin: 1.2rem 0 1.8rem; }
figcaption { margin-bottom: .4rem; }
.chart { min-height: 60px; overflow-x: auto; color: var(--text); }
.chart.vega-embed { display: block; width: 100%; }
.chart.vega-embed summary { opacity: .6; }
.chart.vega-embed .vega-actions a { color: #1c1f23; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; margin: .3rem 0 .6rem; }
caption { text-align: left; font-weight: 600; padding: .2rem 0; }
th, td { padding: .25rem .8rem .25rem 0; text-align: right; border-bottom: 1px solid var(--line);
  font-variant-numeric: tabular-nums; white-space: nowrap; }
th { font-weight: 600; }
thead th { white-space: normal; max-width: 13em; vertical-align: bottom; }
th:first-child, td:first-child { text-align: left; }
td.text, th.text { text-align: left; white-space: normal; min-width: 5.2em; }
pre { background: var(--panel); padding: .7rem 1rem; font-size: .84rem; line-height: 1.4;
  border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .9em; }
img.sheet { max-width: 100%; height: auto; image-rendering: pixelated; background: #808080; }
button { font: inherit; font-size: .8rem; color: var(--link); background: none; border: 1px solid
  var(--line); border-radius: 4px; padding: .1rem .6rem; cursor: pointer; }
button:focus-visible, a:focus-visible, summary:focus-visible { outline: 2px solid var(--link);
  outline-offset: 2px; }
details > summary { cursor: pointer; color: var(--soft); font-size: .88rem; }
footer { color: var(--soft); font-size: .85rem; padding-bottom: 3rem; }
@media print { :root { --back: #fff; --text: #000; --soft: #444; --line: #bbb; --panel: #f4f4f4;
  color-scheme: light; } nav, button, .chart summary, figure > details { display: none; }
  .chart, .scroll { overflow: visible; } .chart.vega-embed { padding-right: 0; }
  .chart svg { width: auto; max-width: 100%; height: auto; }
  figure, table { break-inside: avoid; } h2, h3, figcaption { break-after: avoid; }
  body { font-size: 11pt; } header, main { max-width: none; } }
)css";

}  // namespace lyap::framework
