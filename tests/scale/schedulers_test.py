#!/usr/bin/env python3
"""tests/scale/schedulers_test.py - the recipes of data/docs/sweeps.md, as they stand there."""
import os
import pathlib
import shutil
import signal
import subprocess
import time
import unittest

from launched import PROGRAM, LauncherTest, main

PAGE = (pathlib.Path(__file__).parents[2] / "data/docs/sweeps.md").read_text(encoding="utf-8")


def recipe(title):
    """The block below this heading."""
    return PAGE.split(f"\n### {title}\n", 1)[1].split("```", 2)[1].split("\n", 1)[1]


class Recipes(LauncherTest):
    def setUp(self):
        super().setUp()
        (self.here / "my.yaml").write_text((self.here / "tiny.yaml").read_text().replace(
            "name: tiny", "name: my"))
        self.folder = self.here / "runs/my"

    def environment(self):
        """As the page has it: `lyap` is in the PATH."""
        (self.here / "bin").mkdir(exist_ok=True)
        if not (self.here / "bin/lyap").exists():
            os.symlink(PROGRAM, self.here / "bin/lyap")
        given = super().environment()
        return {**given, "PATH": f"{self.here}/bin:{given['PATH']}",
                "XDG_CACHE_HOME": str(self.here / "cache")}

    def check(self):
        self.check_complete(self.folder, self.swept("alone"))

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
