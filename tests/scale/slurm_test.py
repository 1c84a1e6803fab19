#!/usr/bin/env python3
"""tests/scale/slurm_test.py - `lyap sweep submit` with the real Slurm.

Needs the packages slurm-wlm and munge, and root; nothing of the system's configuration is used.
"""
import os
import pathlib
import signal
import sys
import time
import unittest

import cluster
from sweep_program import SweepTest, networks

SLOWER = ["-s", "trials.train.with.epochs=10", "-s", "trials.task.with.train=2000", *networks(8)]


def processes_with(*words):
    """Of the program, by their arguments; the first is the oldest."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            given = path.read_bytes().decode(errors="replace").split("\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if all(word in given for word in words):
            found.append(int(path.parent.name))
    return sorted(found)


class Slurm(SweepTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cluster = cluster.Cluster()
        cls.addClassCleanup(cls.cluster.stop)

    def environment(self):
        return {**super().environment(), **self.cluster.environment}

    def submit(self, *words):
        output = self.sweep("submit", *words).stdout
        self.assertRegex(output, r"^array \d+: \d+ tasks for \d+ networks\nmerge \d+: after them\n")

    def test_an_array_and_its_merge_make_the_table_of_one_process(self):
        begin = time.monotonic()
        self.submit("tiny.yaml", "--to", "slurm", "--tasks", "3", "--walltime", "00:10:00",
                    "--sbatch", "--partition=all")
        self.cluster.wait_until_empty()
        print(f"3 tasks and the merge: {time.monotonic() - begin:.1f} s", flush=True)
        folder = self.here / "runs/tiny"
        self.check_complete(folder, self.swept("alone"))
        self.assertEqual(len(list((folder / "slurm").glob("[0-9]*_[123].txt"))), 3)

    def test_after_the_kill_of_a_task_submit_again_does_what_is_left(self):
        self.submit("tiny.yaml", "--tasks", "4", *SLOWER)
        folder = self.here / "runs/tiny"
        while len(list(folder.glob("points/*"))) < 3 or not processes_with(str(folder), "2/4"):
            self.assertTrue(self.cluster.ask("squeue", "-h"), "it ended before a task was killed")
            time.sleep(0.005)
        os.kill(processes_with(str(folder), "2/4")[0], signal.SIGKILL)
        self.cluster.wait_until_empty()
        left = self.count(folder, "to be done")
        self.assertGreater(left, 0)
        self.assertEqual(self.count(folder, "done"), 24 - left)
        self.submit(folder, "--tasks", "4")
        self.cluster.wait_until_empty()
        print(f"one of 4 tasks killed: {left} of 24 networks were left, then none", flush=True)
        self.check_complete(folder, self.swept("alone", *SLOWER))

    def test_a_task_at_its_time_limit_keeps_complete_epochs(self):
        # The signal comes 60 s before the end: at once, for a limit of a minute.
        self.submit("tiny.yaml", "--tasks", "1", "--walltime", "00:01:00", *networks(20), "-s",
                    "trials.train.with.epochs=200", "-s", "trials.task.with.train=2000")
        self.cluster.wait_until_empty()
        folder = self.here / "runs/tiny"
        self.assertGreater(self.count(folder, "to be done"), 0)
        self.assertEqual(self.count(folder, "failed"), 0)
        begun = list((folder / "work").iterdir())
        self.assertTrue(any((point / "checkpoints/latest.safetensors").exists() for point in begun))
        said = next((folder / "slurm").glob("[0-9]*_1.txt")).read_text()
        self.assertNotIn("CANCELLED", said)  # it has ended by itself
        print(f"time limit: {self.count(folder, 'done')} networks done, {len(begun)} kept in the middle",
              flush=True)


if __name__ == "__main__":
    if reason := cluster.missing():
        print("skipped: " + reason)
        sys.exit(77)
    unittest.main()
