#!/usr/bin/env python3
"""tests/scale/mpi_test.py - the ranks of mpirun share the points of a sweep."""
import subprocess
import time
import unittest

from launched import PROGRAM, LauncherTest, main
from sweep_program import BROKEN, networks

MPIRUN = ["mpirun", "--oversubscribe", "-np", "4"]


class Mpi(LauncherTest):
    def environment(self):
        as_root = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
        return {**super().environment(), **as_root}

    def test_four_ranks_make_the_table_that_one_process_makes(self):
        result = self.launched(*MPIRUN, PROGRAM, "sweep", "run", "tiny.yaml", *networks(8))
        folder = self.here / "runs/tiny"
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout, f"24 networks: 24 done\nresults: {folder}\n")
        self.check_complete(folder, self.swept("alone", *networks(8)))

    @unittest.skipUnless(BROKEN, "no plugins that crash were built")
    def test_a_rank_whose_plugin_crashes_ends_no_other(self):
        result = self.launched(*MPIRUN, PROGRAM, "sweep", "run", "tiny.yaml", "--plugins", BROKEN,
                               "-s", "trials.sweep.cell=[rnn, crashes]", "-s", "trials.cell.use=$cell")
        self.assertEqual(result.returncode, 4, result.stderr)
        self.assertIn("24 networks: 12 done, 12 failed", result.stdout)
        self.assertEqual(self.count(self.here / "runs/tiny", "done"), 12)

    def test_a_killed_rank_ends_the_others_and_the_same_command_goes_on(self):
        command = [*MPIRUN, PROGRAM, "sweep", "run", "tiny.yaml", "-q", *networks(20)]
        process = subprocess.Popen(command, cwd=self.here, env=self.environment(),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        folder = self.here / "runs/tiny"
        while len(list(folder.glob("points/*"))) < 8:
            self.assertIsNone(process.poll())
            time.sleep(0.002)
        ranks = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True,
                               check=True).stdout.split()
        subprocess.run(["kill", "-9", ranks[2]], check=True)
        self.assertNotEqual(process.wait(timeout=60), 0)
        result = self.launched(*command)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.check_complete(folder, self.swept("alone", *networks(20)))


if __name__ == "__main__":
    main("mpirun")
