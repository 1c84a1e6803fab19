#!/usr/bin/env python3
"""tests/report/report_test.py - reports of the real program: their text, and in headless Chromium
every chart. LYAP is the program; without chromium the last part is left out."""
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = os.path.realpath(os.environ.get("LYAP", "lyap"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
LIBRARIES = pathlib.Path(PROGRAM).parents[1] / "share/lyap/assets/vega.min.js"

RUN = """\
lyap: 1
name: one
about: A network </script><script>alert(1)</script> & its "spectrum".
trials:
  task: {use: digits, with: {order: rows, train: 200, test: 40}}
  cell: {use: lstm, with: {units: 6}}
  train: {use: bptt, with: {epochs: 2, batch: 20}, checkpoints: every}
  measure:
    - {use: spectrum, as: le, at: every, with: {sequences: 4, resamples: 50}}
    - {use: examples, as: shown}
    - {use: ftle, as: local, with: {sequences: 2}}
    - {use: perturbation, as: flips, with: {sequences: 2, counts: [1, 2, 5], draws: 4}}
  record: {loss: train.validation_loss, spectrum: le.spectrum}
report:
  - lines: {x: index, y: le.spectrum, colour: epoch, band: le.deviation}
"""

SWEEP = """\
lyap: 1
name: many
trials:
  sweep: {cell: [rnn, gru], network: {count: 6}}
  task: {use: digits, with: {order: rows, train: 60, test: 20}}
  cell: {use: $cell, with: {units: 4}}
  train: {use: bptt, with: {epochs: 1, batch: 20}}
  measure: [{use: spectrum, as: le, with: {sequences: 2, resamples: 10}}]
  record: {cell: $cell, loss: train.validation_loss, accuracy: train.validation_accuracy,
           spectrum: le.spectrum}
study:
  - {use: split, as: parts, with: {train: 0.6, validation: 0.2}, from: {rows: trials.loss}}
  - {use: embed, as: raw, from: {table: trials.spectrum}}
  - {use: interpolate, as: spectra, from: {spectra: trials.spectrum, target: trials.loss}}
  - use: classify
    as: verdict
    with: {rules: [mean, max, raw.1]}
    from: {target: trials.loss, spectra: trials.spectrum, raw: raw.coordinate, part: parts.part,
           group: trials.cell}
report:
  - scatter: {x: raw.coordinate.1, y: raw.coordinate.2, colour: trials.loss, split: best}
  - histogram: {x: raw.coordinate.1, colour: trials.cell}
  - lines: {x: index, y: trials.spectrum, panels: [trials.cell], colour: trials.loss}
  - table: verdict.mean
"""


class Outline(html.parser.HTMLParser):
    """Elements with their attributes, and the text of JSON scripts."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.data, self.inside = [], {}, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.elements.append((tag, attributes))
        if tag == "script" and attributes.get("type") == "application/json":
            self.inside = attributes["id"]

    def handle_endtag(self, tag):
        if tag == "script":
            self.inside = None

    def handle_data(self, data):
        if self.inside:
            self.data[self.inside] = json.loads(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def lyap(*arguments, folder, code=0):
    done = subprocess.run([PROGRAM, *arguments], cwd=folder, capture_output=True, text=True)
    if done.returncode != code:
        raise AssertionError(f"{arguments}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def drawn(report, *options):
    """What Chromium says: <html data-charts>, lines of its console, seconds."""
    begin = time.monotonic()
    done = subprocess.run(
        [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
         "--virtual-time-budget=60000", "--dump-dom", *options, report.as_uri()],
        capture_output=True, text=True, timeout=200)
    page = re.search(r"<html[^>]*>", done.stdout)
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return page.group(0) if page else "", console, time.monotonic() - begin


class Reports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="lyap-report-"))
        (cls.folder / "one.yaml").write_text(RUN)
        (cls.folder / "many.yaml").write_text(SWEEP)
        lyap("run", "one.yaml", folder=cls.folder)
        lyap("sweep", "run", "many.yaml", folder=cls.folder)
        cls.one = next((cls.folder / "runs").glob("*_one_*"))
        cls.many = cls.folder / "runs/many"

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def outline(self, report):
        text = report.read_text()
        self.assertNotIn("alert(1)</script>", text)
        self.assertNotIn("unsafe-eval", text)
        self.assertNotRegex(re.sub(r"<script>.*?</script>", "", text, flags=re.S),
                            r"<(link|img|script)[^>]*(src|href)=\"https?:")
        return Outline(text)

    def titles(self, outline):
        return [chart["description"] for chart in outline.data.values()]

    def test_a_run_shows_numbers_training_and_every_measure(self):
        outline = self.outline(self.one / "report.html")
        titles = "\n".join(self.titles(outline))
        for part in ("Training: loss", "le: spectrum (nats/step)", "le: history", "local: ln r",
                     "local: exponent (nats/step)", "flips: difference by count",
                     "flips: r over the input", "flips: ln growth over the picture",
                     "shown: activity of chosen units"):
            self.assertIn(part, titles)
        self.assertTrue([i for i in outline.all("img") if i["alt"].startswith("flips")])
        page = (self.one / "report.html").read_text().split("</main>")[0]
        headings = re.findall(r"<h2[^>]*>([^<]*)", page)
        self.assertEqual(headings[0], "What was found")
        self.assertEqual(headings[-2:], ["What was asked", "Provenance"])
        self.assertRegex(page, r"<td[^>]*>[0-9a-f]{64}</td>")

    def test_a_sweep_shows_networks_spectra_places_and_scores(self):
        outline = self.outline(self.many / "report.html")
        titles = "\n".join(self.titles(outline))
        for part in ("raw coordinate 1 and raw coordinate 2, coloured by loss", "loss by cell",
                     "One spectrum of each cell", "Their places in the embedding of raw",
                     "raw coordinate 1, stacked by accuracy", "verdict: mean with intervals",
                     "Spectra of the highlighted networks", "loss and mean of spectrum, highlighted",
                     "Highlighted networks in the embedding of raw"):
            self.assertIn(part, titles)
        captions = re.findall(r"<caption>([^<]*)", (self.many / "report.html").read_text())
        self.assertIn("verdict: confusion", captions)
        self.assertIn("verdict, all networks", captions)
        self.assertNotIn("which is not there", (self.many / "report.html").read_text())

    def test_every_chart_has_a_title_a_text_and_a_file(self):
        for folder in (self.one, self.many):
            outline = self.outline(folder / "report.html")
            charts = [d["id"] for d in outline.all("div") if d.get("class") == "chart"]
            self.assertEqual(len(charts), len(outline.data))
            all_ids = [a["id"] for _, a in outline.elements if "id" in a]
            ids = set(all_ids)
            self.assertEqual(len(all_ids), len(ids))
            for figure in outline.all("figure"):
                if "aria-labelledby" in figure:
                    self.assertIn(figure["aria-labelledby"], ids)
                    self.assertIn(figure["aria-describedby"], ids)
            for chart in charts:
                specification = json.loads((folder / f"charts/{chart}.vl.json").read_text())
                self.assertIn("vega-lite/v6", specification["$schema"])
                self.assertTrue((folder / f"charts/{chart}.csv").read_text().count("\n") > 1)
            for cell in outline.all("th"):
                self.assertIn(cell.get("scope"), ("row", "col"))

    def test_the_switch_leaves_it_out_and_the_command_writes_it_again(self):
        lyap("run", "one.yaml", "--no-report", "--out", "bare", folder=self.folder)
        bare = next((self.folder / "bare").iterdir())
        self.assertFalse((bare / "report.html").exists())
        lyap("report", str(bare), folder=self.folder)
        self.assertEqual(len(self.outline(bare / "report.html").data),
                         len(self.outline(self.one / "report.html").data))

    def test_several_are_compared(self):
        lyap("run", "one.yaml", "-s", "trials.cell.use=gru", "--out", "gru", folder=self.folder)
        other = next((self.folder / "gru").iterdir())
        lyap("report", str(self.one), str(other), "--out", "both.html", folder=self.folder)
        text = (self.folder / "both.html").read_text()
        self.assertRegex(text, r"cell\.use</th><td[^>]*>lstm</td><td[^>]*>gru</td>")
        titles = "\n".join(self.titles(Outline(text)))
        self.assertIn("validation_loss", titles)
        self.assertIn("spectrum: spectrum (nats/step)", titles)

    def test_tables_that_analyses_wrote_are_tables_with_their_csv(self):
        said = json.loads((self.many / "notes.json").read_text())
        table = next(m for m in said if m["name"] == "verdict")["tables"][0]
        rule = next(line.split() for line in table.splitlines() if line.startswith("raw.1"))
        found = [path for path in (self.many / "charts").glob("verdict-table-*.csv")
                 if path.read_text().startswith("rule,n,recall")]
        self.assertEqual(len(found), 1)
        cells = next(line.split(",") for line in found[0].read_text().splitlines()
                     if line.startswith("raw.1"))
        self.assertEqual(cells[:4], rule[:4])

    def test_sweeps_are_compared_by_their_networks(self):
        lyap("sweep", "run", "many.yaml", "-s", "trials.cell.with.units=5", "--out", "wider",
             folder=self.folder)
        other = next((self.folder / "wider").iterdir())
        lyap("report", str(self.many), str(other), "--out", "sweeps.html", folder=self.folder)
        text = (self.folder / "sweeps.html").read_text()
        self.assertRegex(text, r"cell\.with\.units</th><td[^>]*>4</td><td[^>]*>5</td>")
        titles = "\n".join(self.titles(Outline(text)))
        self.assertIn("loss of the networks of each sweep", titles)
        self.assertIn("Spectra of each sweep: spectrum (nats/step)", titles)

    def test_a_folder_that_is_none_is_refused(self):
        done = lyap("report", str(self.folder), folder=self.folder, code=3)
        self.assertIn("neither the folder of a run nor that of a sweep", done.stderr)

    @unittest.skipUnless(CHROMIUM and LIBRARIES.exists(), "needs chromium and the chart libraries")
    def test_every_chart_draws_in_chromium_without_a_word(self):
        for folder in (self.one, self.many):
            charts = len(self.outline(folder / "report.html").data)
            page, console, seconds = drawn(folder / "report.html")
            self.assertIn(f'data-charts="{charts}/{charts}"', page)
            self.assertIn('data-failed="0"', page)
            self.assertEqual(console, [])
            print(f"{folder.name}: {charts} charts, {seconds:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    unittest.main()
