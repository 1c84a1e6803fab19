"""tests/scale/launched.py - sweeps started by a program that need not be here."""
import shutil
import subprocess
import sys
import unittest

from program import PROGRAM
from sweep_program import SweepTest


class LauncherTest(SweepTest):
    """PROGRAM is the program under test; a launcher is looked for in the PATH."""

    def launched(self, *words, within=120):
        return subprocess.run([*map(str, words)], cwd=self.here, env=self.environment(), text=True,
                              timeout=within, stdin=subprocess.DEVNULL, capture_output=True, check=False)


def main(*launchers):
    """Skipped, with a message, when none of these programs is here."""
    missing = [launcher for launcher in launchers if not shutil.which(launcher)]
    if len(missing) == len(launchers):
        print("skipped: not installed here: " + ", ".join(missing))
        sys.exit(77)
    unittest.main()
