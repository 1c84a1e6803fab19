#!/usr/bin/env python3
"""tests/scale/schedulers_test.py - the recipes of data/docs/sweeps.md, as they stand there."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import unittest

from launched import PROGRAM, LauncherTest, main

PAGE = (pathlib.Path(__file__).parents[2] / "data/docs/sweeps.md").read_text(encoding="utf-8")


def recipe(title, number=1):
    """The first block below this heading, or the second."""
    blocks = PAGE.split(f"\n### {title}\n", 1)[1].split("```")
    return blocks[2 * number - 1].split("\n", 1)[1]


class Recipes(LauncherTest):
    def setUp(self):
        super().setUp()
        self.file("my.yaml", recipe("A pipeline of many networks"))
        self.folder = self.here / "runs/my"

    def environment(self):
        """As the page has it: `lyap` is in the PATH."""
        (self.here / "bin").mkdir(exist_ok=True)
        if not (self.here / "bin/lyap").exists():
            os.symlink(PROGRAM, self.here / "bin/lyap")
        given = super().environment()
        return {**given, "PATH": f"{self.here}/bin:{given['PATH']}",
                "XDG_CACHE_HOME": str(self.here / "cache"),
                "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}

    def check(self):
        self.sweep("run", "my.yaml", "-q", "--out", "alone")
        self.check_complete(self.folder, self.here / "alone/my")

    def test_running_and_reading(self):
        result = self.launched("bash", "-ec", recipe("A pipeline of many networks", 2))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("12 networks: 12 done\n", result.stdout)
        result = self.launched(sys.executable, "-c", recipe("Python"))
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_slurm_without_a_queue(self):
        result = self.launched("bash", "-ec", recipe("Slurm"))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("#SBATCH --array=1-4", result.stdout)

    @unittest.skipUnless(shutil.which("mpirun"), "mpirun is not here")
    def test_mpi(self):
        result = self.launched("bash", "-ec", recipe("MPI").replace("mpirun", "mpirun --oversubscribe"))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.check()

    @unittest.skipUnless(shutil.which("parallel"), "GNU parallel is not here")
    def test_gnu_parallel(self):
        result = self.launched("bash", "-ec", recipe("GNU parallel"))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.check()

    @unittest.skipUnless(shutil.which("snakemake"), "Snakemake is not here")
    def test_snakemake(self):
        self.file("Snakefile", recipe("Snakemake"))
        result = self.launched("snakemake", "--cores", "2")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.check()

    def test_a_shell_alone(self):
        result = self.launched("bash", "-ec", recipe("A shell"))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.check()

    @unittest.skipUnless(shutil.which("parallel"), "GNU parallel is not here")
    def test_gnu_parallel_that_is_killed_is_begun_again(self):
        process = subprocess.Popen(["bash", "-ec", recipe("GNU parallel")], cwd=self.here,
                                   env=self.environment(), start_new_session=True,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while len(list(self.folder.glob("points/*"))) < 3:
            self.assertIsNone(process.poll())
            time.sleep(0.002)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        result = self.launched("bash", "-ec", recipe("GNU parallel"))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.check()


if __name__ == "__main__":
    main("bash")
