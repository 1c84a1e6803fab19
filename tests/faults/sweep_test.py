#!/usr/bin/env python3
"""tests/faults/sweep_test.py - sweeps that are repeated, changed, interrupted, shared and that fail."""
import json
import signal
import time
import unittest

from program import npy, numbers
from sweep_program import BROKEN, SWEEP, SweepTest, networks

FILES = """\
lyap: 1
name: files
trials:
  sweep:
    file: [one.npy, two.npy, three.npy]
  task:
    use: arrays
    with: {inputs: $file}
  cell:
    use: rnn
    with: {units: 4}
  measure:
    - use: spectrum
      as: le
      with: {sequences: 1, resamples: 20}
  record:
    file: $file
    total: le.sum
"""


class Repeated(SweepTest):
    def test_the_same_command_again_does_nothing(self):
        folder = self.swept("runs")
        self.assertEqual(self.count(folder, "done"), 12)
        before = {p: p.stat().st_mtime_ns for p in (folder / "points").rglob("*")}
        again = self.sweep("run", "tiny.yaml")
        self.assertEqual(again.stdout, f"12 networks: 12 done\nresults: {folder}\n")
        self.assertEqual({p: p.stat().st_mtime_ns for p in (folder / "points").rglob("*")}, before)
        self.check_complete(folder, folder)

    def test_the_number_of_processes_changes_no_bit(self):
        one = self.swept("one", "--jobs", "1", *networks(2))
        for jobs in ("2", "3"):
            self.check_complete(self.swept("with" + jobs, "--jobs", jobs, *networks(2)), one)

    def test_a_point_is_a_run_that_lyap_run_repeats(self):
        folder = self.swept("runs", *networks(1))
        point = next((folder / "points").iterdir())
        self.done("run", point / "pipeline.yaml", "-q", "--out", "alone")
        alone, there = (json.loads((folder / "record.json").read_text())
                        for folder in (self.only_run("alone"), point))
        self.assertEqual(alone, {column: there[column] for column in ("loss", "spectrum")})

    def test_what_is_kept_of_the_weights(self):
        kept = {}
        for keep in ("row", "final", "checkpoints"):
            folder = self.swept(keep, "--keep", keep, *networks(1))
            kept[keep] = {p.name for p in folder.glob("points/*/checkpoints/*")}
        self.assertEqual(kept["row"], set())
        self.assertEqual(kept["final"], {"final.safetensors"})
        self.assertEqual(kept["checkpoints"], {"final.safetensors", *(
            f"epoch-000{epoch}.safetensors" for epoch in range(3))})


class Changed(SweepTest):
    def test_other_settings_are_refused_word_for_word_and_extend_keeps_what_stays(self):
        folder = self.swept("runs")
        kept = self.rows(folder)
        error = self.refused(["sweep", "run", "tiny.yaml", "-s", "trials.cell.with.units=5", *networks(4)],
                             3, "trials.cell.with.units: 4 there, 5 here")
        self.assertEqual(error, f"""\
lyap: {folder}: this folder holds a sweep of other settings:
  trials.cell.with.units: 4 there, 5 here
give another folder with --out, or --extend to keep the points that stay the same
""")
        self.sweep("run", "tiny.yaml", *networks(5), code=3)
        self.sweep("run", "tiny.yaml", *networks(5), "--extend", "-q")
        extended = self.rows(folder)
        self.assertEqual(len(extended), 15)
        self.assertEqual({point: extended[point] for point in kept}, kept)
        self.assertEqual(len(self.csv(folder)), 15)

    def refused(self, words, exit_code, *parts):
        before = self.everything()
        result = self.lyap(*words)
        self.assertEqual(result.returncode, exit_code, result.stderr)
        self.assertEqual(self.everything(), before)
        for part in parts:
            self.assertIn(part, result.stderr)
        return result.stderr

    def test_a_folder_of_something_else_stays_untouched(self):
        self.file("runs/tiny/notes.txt", "mine")
        error = self.refused(["sweep", "run", "tiny.yaml"], 3, "not the folder of a sweep")
        self.assertEqual(error.count("\n"), 1)

    def test_options_of_a_person_who_errs(self):
        for words, part in ((["--shard", "3"], "I/N"), (["--shard", "4/3"], "I/N"),
                            (["--time", "soon"], "90s"), (["--keep", "last"], "checkpoints"),
                            (["--point-timeout", "-1"], "90s"), (["--jobs", "-1"], "processes")):
            error = self.refused(["sweep", "run", "tiny.yaml", *words], 2, part)
            self.assertEqual(error.count("\n"), 1)
        self.assertEqual(self.lyap("-q", "sweep", "run", "tiny.yaml", *networks(1)).stderr, "")


class Interrupted(SweepTest):
    SLOWER = ["-s", "trials.train.with.epochs=4", "-s", "trials.task.with.train=500"]

    def test_ctrl_c_keeps_complete_points_and_the_printed_command_goes_on(self):
        whole = self.swept("whole", *self.SLOWER)
        process = self.begin("sweep", "run", "tiny.yaml", "-q", "--out", "cut", *self.SLOWER)
        folder = self.here / "cut" / "tiny"
        while len(list(folder.glob("points/*"))) < 3:
            self.assertIsNone(process.poll(), "it ended before it could be interrupted")
            time.sleep(0.002)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, errors)
        complete = self.rows(folder)
        self.assertGreaterEqual(len(complete), 3)
        self.assertLess(len(complete), 12)
        self.assertIn(f"{len(complete)} done, {12 - len(complete)} to be done", output)
        self.assertEqual(self.count(folder, "running"), 0)
        self.assertFalse((folder / "trials.csv").exists())
        self.assertEqual(self.command_in(errors), ["sweep", "run", str(folder)])
        before = {p: p.stat().st_mtime_ns for p in folder.glob("points/*/row.safetensors")}
        self.done(*self.command_in(errors), "-q")
        for row, when in before.items():
            self.assertEqual(row.stat().st_mtime_ns, when)
        self.check_complete(folder, whole)

    def test_no_time_begins_nothing_and_says_so(self):
        result = self.sweep("run", "tiny.yaml", "-q", "--time", "0", code=4)
        self.assertIn("12 networks: 0 done, 12 to be done", result.stdout)
        self.assertIn("go on with: lyap sweep run", result.stderr)
        result = self.sweep("merge", self.here / "runs/tiny", code=1)
        self.assertIn("no network is complete yet", result.stderr)


class Failing(SweepTest):
    def test_a_failed_point_says_why_the_others_go_on_and_retry_tries_it_again(self):
        self.file("files.yaml", FILES)
        for name in ("one.npy", "three.npy"):
            self.file(name, npy([20, 3], numbers(60)))
        result = self.sweep("run", "files.yaml", "--jobs", "2", code=4)
        folder = self.here / "runs/files"
        self.assertIn("3 networks: 2 done, 1 failed", result.stdout)
        self.assertIn("lyap: 1 failed; lyap sweep status", result.stderr)
        status = self.sweep("status", folder).stdout
        self.assertRegex(status, r"\nfailed [0-9a-f]{12} \(file = two\.npy\): .*two\.npy.*\n")
        reasons = [p["reason"] for p in json.loads(self.sweep("status", folder, "--json").stdout)
                   if p["state"] == "failed"]
        self.assertEqual(len(reasons), 1)
        self.assertEqual([row["file"] for row in self.csv(folder)], ["one.npy", "three.npy"])
        self.sweep("run", folder, "-q", code=4)  # it is not tried again by itself
        self.file("two.npy", npy([20, 3], numbers(60, 2)))
        self.assertIn("1 to be tried again", self.sweep("retry", folder).stdout)
        self.sweep("run", folder, "-q")
        self.assertEqual([row["file"] for row in self.csv(folder)], ["one.npy", "two.npy", "three.npy"])

    CRASHING = ["--plugins", BROKEN, "-s", "trials.sweep.cell=[rnn, crashes]",
                "-s", "trials.cell.use=$cell", *networks(1)]

    @unittest.skipUnless(BROKEN, "no plugins that crash were built")
    def test_a_plugin_that_crashes_fails_its_points_with_a_sentence(self):
        folder = self.swept("runs", *self.CRASHING, code=4)
        states = self.states(folder)
        self.assertEqual(sorted(states.values()), ["done"] * 3 + ["failed"] * 3)
        status = self.sweep("status", folder).stdout
        self.assertEqual(status.count("its worker crashed (signal 6, Aborted): a mistake in a plugin"), 3)
        self.assertEqual(list((folder / "work").iterdir()), [])

    @unittest.skipUnless(BROKEN, "no plugins that crash were built")
    def test_a_plugin_that_ends_the_process_fails_its_points_too(self):
        words = [word.replace("crashes", "ends_process") for word in self.CRASHING]
        folder = self.swept("runs", "--jobs", "1", *words, code=4)
        self.assertEqual(sorted(self.states(folder).values()), ["done"] * 3 + ["failed"] * 3)
        status = self.sweep("status", folder).stdout
        self.assertEqual(status.count("its worker ended itself (exit code 3): a mistake in a plugin"), 3)

    def test_a_point_that_takes_too_long_fails_and_the_others_go_on(self):
        self.file("tiny.yaml", SWEEP.replace("epochs: 2,", "epochs: $epochs,")
                  .replace("rate: [0.01, 0.02, 0.05]", "rate: [0.01]\n    epochs: [1, 10000000]")
                  .replace("every", "[1]").replace("[[1]]", ""))
        folder = self.swept("runs", "--jobs", "1", "--point-timeout", "4s", *networks(1), code=4)
        self.assertEqual(sorted(self.states(folder).values()), ["done", "failed"])
        self.assertIn("it took longer than the 4 s of --point-timeout",
                      self.sweep("status", folder).stdout)

    @unittest.skipUnless(BROKEN, "no plugins that crash were built")
    def test_fail_fast_begins_no_further_point(self):
        result = self.sweep("run", "tiny.yaml", "-q", "--fail-fast", "--jobs", "1", *self.CRASHING, code=4)
        folder = self.here / "runs/tiny"
        self.assertEqual(self.count(folder, "failed"), 1)
        self.assertGreaterEqual(self.count(folder, "to be done"), 3)
        self.assertIn("the sweep is not complete", result.stderr)


class Shared(SweepTest):
    def test_shards_and_then_merge_are_the_whole(self):
        whole = self.swept("whole")
        for shard in (1, 2, 3):
            folder = self.swept("parts", "--shard", f"{shard}/3")
            self.assertEqual(len(self.rows(folder)), 4 * shard)
        self.assertFalse((folder / "trials.csv").exists())
        self.assertEqual(self.count(folder, "done"), 12)
        self.sweep("merge", folder)
        self.check_complete(folder, whole)

    def test_commands_that_begin_together_on_a_new_folder_share_its_points(self):
        processes = [self.begin("sweep", "run", "tiny.yaml", "-q", "--jobs", "1") for _ in range(4)]
        for process in processes:
            output, errors = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 0, errors)
            self.assertIn("12 networks: 12 done", output)
        self.check_complete(self.here / "runs/tiny", self.swept("alone"))


class Table(SweepTest):
    def test_the_table_opens_in_pandas_and_xarray(self):
        try:
            import pandas
            import xarray
        except ImportError:
            self.skipTest("pandas or xarray is not here")
        folder = self.swept("runs")
        table = pandas.read_csv(folder / "trials.csv", float_precision="round_trip")
        self.assertEqual(list(table.columns), ["point", "rate", "network", "loss"])
        self.assertEqual(list(table.rate), [rate for rate in (0.01, 0.02, 0.05) for _ in range(4)])
        with xarray.open_dataset(folder / "trials.h5") as trials:
            self.assertEqual(trials.spectrum.dims, ("network", "checkpoint", "index"))
            self.assertEqual(trials.spectrum.shape, (12, 3, 4))
            self.assertEqual(trials.spectrum.attrs["units"], "nats/step")
            self.assertEqual(list(trials.checkpoint), [0, 1, 2])
            self.assertEqual(list(trials.point.values), list(table.point))
            self.assertEqual(list(trials.loss.values), list(table.loss))
        self.sweep("merge", folder, "--arrays")
        wide = pandas.read_csv(folder / "trials.csv", float_precision="round_trip")
        self.assertEqual(len([c for c in wide.columns if c.startswith("spectrum[")]), 12)


if __name__ == "__main__":
    unittest.main()
