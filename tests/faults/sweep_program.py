"""tests/faults/sweep_program.py - a tiny sweep, and its folder as the tests look at it."""
import csv
import json
import os
import re
import shutil
import tempfile

from program import ProgramTest

# Every point flushes some 10 files to the disk. No test here can see whether they were flushed, and
# kills every 20 to 120 ms would leave no time for it.
if os.access("/dev/shm", os.W_OK):
    tempfile.tempdir = "/dev/shm"

BROKEN = os.environ.get("LYAP_BROKEN", "")

SWEEP = """\
lyap: 1
name: tiny
seed: 3
trials:
  sweep:
    rate: [0.01, 0.02, 0.05]
    network: {count: 4}
  task:
    use: digits
    with: {order: rows, train: 60, test: 20}
  cell:
    use: rnn
    with: {units: 4}
  train:
    use: bptt
    with: {epochs: 2, batch: 20, learning_rate: $rate}
    checkpoints: every
  measure:
    - use: spectrum
      as: le
      at: every
      with: {sequences: 2, resamples: 20}
  record:
    rate: $rate
    network: $network
    loss: train.validation_loss
    spectrum: le.spectrum[every]
"""


def networks(count):
    """Of every rate."""
    return ["-s", "trials.sweep.network={count: %d}" % count]


class SweepTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file("tiny.yaml", SWEEP)

    def sweep(self, *words, code=0, within=120):
        """A part of `lyap sweep` that ends with this exit code."""
        result = self.lyap("sweep", *words, within=within)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result

    def swept(self, out, *words, code=0):
        """The folder of a tiny sweep that was run."""
        self.sweep("run", "tiny.yaml", "-q", "--out", out, *words, code=code)
        return self.here / out / "tiny"

    def states(self, folder):
        """{id: state} as `lyap sweep status` tells them."""
        points = json.loads(self.sweep("status", folder, "--json").stdout)
        return {point["id"]: point["state"] for point in points}

    def count(self, folder, state):
        return list(self.states(folder).values()).count(state)

    def rows(self, folder):
        """{id: the bytes of its row}: every number of every complete point."""
        return {p.name: (p / "row.safetensors").read_bytes() for p in (folder / "points").iterdir()}

    def check_complete(self, folder, like):
        """Every point of the plan is there once, with the same numbers, and nothing is left over."""
        plan = [json.loads(line)["id"] for line in (folder / "points.jsonl").read_text().splitlines()]
        self.assertEqual(len(set(plan)), len(plan))
        self.assertEqual(sorted(self.rows(folder)), sorted(plan))
        self.assertTrue(self.rows(folder) == self.rows(like))
        self.assertEqual(list((folder / "work").iterdir()), [])
        self.assertEqual(list((folder / "failed").iterdir()), [])
        self.assertEqual(list(folder.rglob(".*.tmp")), [])
        self.assertEqual(self.table(folder), self.table(like))

    @staticmethod
    def table(folder):
        return (folder / "trials.csv").read_bytes()

    def csv(self, folder):
        with open(folder / "trials.csv", newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def command_in(self, text):
        """The words of the last command that the program says goes on."""
        return re.findall(r"lyap (sweep run \S+)", text)[-1].split()

    def copy(self, folder, name):
        return self.here / shutil.copytree(folder, self.here / name)
