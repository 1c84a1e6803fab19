#!/usr/bin/env python3
"""tests/scale/torture_test.py - sweeps whose processes are killed at random moments lose nothing.

LYAP_TORTURE_POINTS (60) and LYAP_TORTURE_SEEDS (1) say how long.
"""
import os
import pathlib
import random
import signal
import time
import unittest

from sweep_program import SweepTest, networks

POINTS = int(os.environ.get("LYAP_TORTURE_POINTS", "60"))
SEEDS = [int(seed) for seed in os.environ.get("LYAP_TORTURE_SEEDS", "1").split()]


def workers_of(manager):
    try:
        return [int(p) for p in
                pathlib.Path(f"/proc/{manager}/task/{manager}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def kill(process):
    """False: it is gone already."""
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def lives(process):
    """Zombies do not: whoever inherits them may reap late."""
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until_gone(processes):
    while any(lives(p) for p in processes):
        time.sleep(0.002)


def done_twice(folder):
    """How many points have an epoch or a measurement in their log a second time."""
    twice = 0
    for log in folder.glob("points/*/log.txt"):
        heads = [line.split(":")[0] for line in log.read_text().splitlines()]
        twice += len(set(heads)) < len(heads)
    return twice


class Torture(SweepTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.count_of_points = networks(POINTS // 3)

    def test_killed_at_random_until_complete(self):
        whole = self.swept("whole", *self.count_of_points)
        self.assertEqual(done_twice(whole), 0)
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.kill_until_complete(seed, whole)

    def kill_until_complete(self, seed, whole):
        chance, out = random.Random(seed), f"seed{seed}"
        folder = self.here / out / "tiny"
        self.sweep("run", "tiny.yaml", "-q", "--out", out, "--time", "0", *self.count_of_points, code=4)
        killed = {"manager": 0, "worker": 0}
        rounds = in_hand = 0
        begin = time.monotonic()
        while len(list((folder / "points").iterdir())) < POINTS:
            rounds += 1
            self.assertLess(rounds, 60 + POINTS, "it does not come to an end")
            process = self.begin("sweep", "run", folder, "-q", "--jobs", "3")
            while process.poll() is None:
                time.sleep(chance.uniform(0.02, 0.12))
                workers = workers_of(process.pid)
                if not workers:  # it has not begun, or is about to end
                    continue
                if chance.random() < 0.5:
                    killed["worker"] += kill(chance.choice(workers))
                    continue
                killed["manager"] += kill(process.pid)
                process.wait()
                wait_until_gone(workers)
                in_hand += len(list((folder / "work").iterdir()))
                break
            self.end(process)
        self.sweep("run", folder, "-q")  # the table, when the last manager was killed before it
        self.check_complete(folder, whole)
        print(f"seed {seed}: {POINTS} points, {sum(killed.values())} kills ({killed['manager']} of the "
              f"manager, {killed['worker']} of a worker) in {rounds} rounds, "
              f"{time.monotonic() - begin:.1f} s; {in_hand} points were in hand when a manager was "
              f"killed, {done_twice(folder)} points have work that was done again; 0 lost, 0 double",
              flush=True)


class Together(SweepTest):
    def test_two_managers_compute_nothing_twice(self):
        processes = [self.begin("sweep", "run", "tiny.yaml", "-q", "--jobs", "2", *networks(POINTS // 3))
                     for _ in range(2)]
        for process in processes:
            output, errors = process.communicate(timeout=600)
            self.assertEqual(process.returncode, 0, errors)
            self.assertIn(f"{POINTS} networks: {POINTS} done", output)
        folder = self.here / "runs/tiny"
        self.assertEqual(done_twice(folder), 0)
        self.check_complete(folder, folder)

    def test_what_a_killed_manager_leaves_the_other_takes_over(self):
        first = self.begin("sweep", "run", "tiny.yaml", "-q", "--jobs", "2", *networks(POINTS // 3))
        folder = self.here / "runs/tiny"
        while not list(folder.glob("points/*")):
            self.assertIsNone(first.poll())
            time.sleep(0.002)
        second = self.begin("sweep", "run", folder, "-q", "--jobs", "1")
        while not workers_of(second.pid):
            self.assertIsNone(second.poll())
            time.sleep(0.002)
        kill(first.pid)
        output, errors = second.communicate(timeout=600)
        self.assertEqual(second.returncode, 0, errors)
        self.assertIn(f"{POINTS} networks: {POINTS} done", output)
        self.check_complete(folder, folder)


if __name__ == "__main__":
    unittest.main()
