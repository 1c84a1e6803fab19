#!/usr/bin/env python3
"""tests/faults/runs_test.py - runs that are repeated, killed, interrupted and that diverge."""
import json
import random
import re
import shlex
import signal
import time
import unittest

from program import TINY, ProgramTest, tensors_of

SLOWER = ["-s", "trials.train.with.epochs=12", "-s", "trials.task.with.train=2000",
          "-s", "trials.measure.0.with.sequences=20"]


def figures(folder):
    """metrics.jsonl without the times."""
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    return [{k: v for k, v in line.items() if k != "seconds"} for line in lines]


def results(folder):
    """Everything that a run computed, and that must not depend on how it came about."""
    files = [*sorted((folder / "checkpoints").iterdir()), folder / "record.json",
             folder / "spectra.h5", folder / "resolved.json"]
    found = {file.name: file.read_bytes() for file in files}
    found["metrics"] = figures(folder)
    return found


def state(folder):
    return json.loads((folder / "run.json").read_text())


class Repeated(ProgramTest):
    def test_the_number_of_workers_changes_no_bit(self):
        self.file("tiny.yaml", TINY)
        runs = [results(self.run_in(f"with{j}", f"-j{j}")) for j in (1, 2, 3)]
        for other in runs[1:]:
            self.assertEqual(other.keys(), runs[0].keys())
            for name, content in runs[0].items():
                self.assertTrue(other[name] == content, f"{name} differs")

    def test_another_seed_changes_the_weights(self):
        self.file("tiny.yaml", TINY)
        one, two = self.run_in("one"), self.run_in("two", "-s", "seed=4")
        name = "checkpoints/epoch-0000.safetensors"
        self.assertNotEqual((one / name).read_bytes(), (two / name).read_bytes())


class Killed(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file("tiny.yaml", TINY)
        began = time.monotonic()
        self.whole = self.run_in("whole", *SLOWER)
        self.seconds = time.monotonic() - began

    def folder_of(self, process, out):
        """Waits until the run has made its folder."""
        while not list((self.here / out).glob("*/run.json")):
            self.assertIsNone(process.poll(), "the run ended before it could be killed")
            time.sleep(0.002)
        return self.only_run(out)

    def test_resumed_after_kills_at_random_moments_it_ends_as_if_uninterrupted(self):
        chance = random.Random(5)
        for attempt in range(3):
            out, kills = f"killed{attempt}", 0
            process = self.begin("run", "tiny.yaml", "-q", "--out", out, *SLOWER)
            folder = self.folder_of(process, out)
            for _ in range(4):
                time.sleep(chance.uniform(0, 0.5 * self.seconds))
                self.end(process)
                if (folder / "record.json").exists():
                    break
                kills += 1
                self.assertEqual(state(folder)["status"], "running")
                self.assertIsNone(state(folder)["end"])
                process = self.begin("run", "--resume", folder, "-q")
            self.end(process)
            self.done("run", "--resume", folder, "-q")
            self.assertGreater(kills, 0)
            self.assertEqual(state(folder)["status"], "done")
            self.check_same(folder)

    def check_same(self, folder):
        whole, resumed = results(self.whole), results(folder)
        self.assertEqual(resumed.keys(), whole.keys())
        for name, content in whole.items():
            self.assertTrue(resumed[name] == content, f"{name} differs")

    def test_a_torn_line_a_line_too_much_and_leftovers_do_not_break_the_resume(self):
        process = self.begin("run", "tiny.yaml", "-q", "--out", "torn", *SLOWER)
        folder = self.folder_of(process, "torn")
        while len(list((folder / "checkpoints").glob("epoch-*.safetensors"))) < 3:
            time.sleep(0.002)
        self.end(process)
        with open(folder / "metrics.jsonl", "a", encoding="utf-8") as metrics:
            metrics.write('{"epoch":77,"seconds":0.1,"validation_loss":1.0}\n{"epoch":78,"sec')
        (folder / ".record.json.1-0.tmp").write_bytes(b'{"loss"')
        (folder / "checkpoints/.latest.safetensors.1-0.tmp").write_bytes(b"half")
        self.done("run", "--resume", folder, "-q")
        self.check_same(folder)
        self.assertEqual(list(folder.rglob(".*.tmp")), [])

    def test_a_finished_run_that_is_resumed_stays_what_it_is(self):
        before = results(self.whole)
        self.done("run", "--resume", self.whole, "-q")
        self.assertEqual(results(self.whole).keys(), before.keys())
        self.check_same(self.whole)


class Interrupted(ProgramTest):
    def test_ctrl_c_keeps_the_last_complete_epoch_and_the_printed_command_goes_on(self):
        self.file("tiny.yaml", TINY)
        longer = [*SLOWER, "-s", "trials.train.with.epochs=25"]
        whole = self.run_in("whole", *longer)
        process = self.begin("run", "tiny.yaml", "-q", "--out", "a folder", *longer)
        while not list(self.here.glob("a folder/*/checkpoints/epoch-0002.safetensors")):
            self.assertIsNone(process.poll())
            time.sleep(0.002)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        folder = self.only_run("a folder")
        self.assertEqual(process.returncode, 130)
        run = state(folder)
        self.assertEqual((run["status"], run["exit"]), ("interrupted", 130))
        epochs = [line["epoch"] for line in figures(folder)]
        self.assertEqual(epochs, list(range(len(epochs))))
        self.assertGreaterEqual(len(epochs), 3)
        for epoch in epochs:
            self.assertTrue((folder / f"checkpoints/epoch-{epoch:04}.safetensors").exists())
        self.assertEqual(errors.count("\n"), 1, errors)
        command = re.search(r"go on with: lyap (.*)$", errors)
        self.assertIsNotNone(command, errors)
        self.done(*shlex.split(command[1]), "-q")
        self.assertEqual(state(folder)["status"], "done")
        for name, content in results(whole).items():
            self.assertTrue(results(folder)[name] == content, f"{name} differs")


class Diverging(ProgramTest):
    RELU = ["-s", "trials.cell.use=rnn", "-s", "trials.cell.with.activation=relu",
            "-s", "trials.train.with.optimiser=sgd", "-s", "trials.train.with.clip=0",
            "-s", "trials.train.with.learning_rate=1000"]

    def test_a_loss_that_diverges_ends_the_run_and_keeps_the_last_finite_weights(self):
        self.file("tiny.yaml", TINY)
        result = self.lyap("run", "tiny.yaml", "-q", "--out", "out", *self.RELU)
        folder = self.only_run("out")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, r"^lyap: trainer 'bptt': .* in batch \d+ of epoch 1\b")
        self.assertRegex(result.stderr, r"lower `?learning_rate`?")
        self.assertIn("the weights of epoch 0 are kept", result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1)
        run = state(folder)
        self.assertEqual((run["status"], run["exit"]), ("diverged", 1))
        self.assertEqual([line["epoch"] for line in figures(folder)], [0])
        kept = tensors_of((folder / "checkpoints/epoch-0000.safetensors").read_bytes())
        left = tensors_of((folder / "checkpoints/final.safetensors").read_bytes())
        self.assertEqual(kept, left)

    def test_its_resume_diverges_again(self):
        self.file("tiny.yaml", TINY)
        self.lyap("run", "tiny.yaml", "-q", "--out", "out", *self.RELU)
        folder = self.only_run("out")
        self.assertEqual(self.lyap("run", "--resume", folder, "-q").returncode, 1)
        self.assertEqual(state(folder)["status"], "diverged")


class Final(ProgramTest):
    def test_a_run_leaves_its_network_where_spectrum_reads_it(self):
        self.file("tiny.yaml", TINY)
        folder = self.run_in("out", "-s", "trials.train.checkpoints=last",
                             "-s", "trials.measure.0.at=last")
        names = sorted(p.name for p in (folder / "checkpoints").iterdir())
        self.assertEqual(names, ["final.safetensors", "latest.safetensors"])
        tensors = tensors_of((folder / "checkpoints/final.safetensors").read_bytes())
        self.assertIn("cell.weight_hh_l0", tensors)
        self.done("spectrum", folder / "checkpoints/final.safetensors", "--steps", "5", "-q")


if __name__ == "__main__":
    unittest.main()
