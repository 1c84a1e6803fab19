#!/usr/bin/env python3
"""tests/scale/submit_test.py - what `lyap sweep submit` gives to a queue; sbatch is a script here."""
import os
import shlex
import unittest

from program import PROGRAM
from sweep_program import SweepTest

# Answers with a number, writes what it was given.
SBATCH = """\
#!/bin/sh
echo "$@" >> "$HOME/sbatch.log"
echo "$(wc -l < "$HOME/sbatch.log");cluster"
"""


class Submit(SweepTest):
    def environment(self):
        path = f"{self.here}/bin:/usr/bin:/bin" if self.with_sbatch else f"{self.here}/nothing"
        return {**super().environment(), "PATH": path}

    def setUp(self):
        super().setUp()
        self.with_sbatch = True
        self.file("bin/sbatch", SBATCH).chmod(0o755)
        self.folder = self.here / "runs/tiny"

    def script(self, name):
        return (self.folder / name).read_text()

    def test_an_array_and_then_the_merge_are_given_to_sbatch(self):
        result = self.sweep("submit", "tiny.yaml", "--tasks", "4", "--cpus", "2", "--walltime",
                            "02:00:00", "--sbatch", "--partition=long", "--sbatch=--mem=1G")
        self.assertEqual(result.stdout, f"""\
array 1: 4 tasks for 12 networks
merge 2: after them
lyap sweep status {self.folder} tells how far they are
""")
        self.assertEqual((self.here / "sbatch.log").read_text(), f"""\
--parsable {self.folder}/sweep.sbatch
--parsable --dependency=afterany:1 {self.folder}/merge.sbatch
""")
        self.assertEqual(self.script("sweep.sbatch"), f"""\
#!/bin/sh
#SBATCH --job-name=lyap-tiny
#SBATCH --cpus-per-task=2
#SBATCH --output="{self.folder}/slurm/%A_%a.txt"
#SBATCH --time=02:00:00
#SBATCH --signal=B:INT@60
#SBATCH --partition=long
#SBATCH --mem=1G
#SBATCH --array=1-4
exec {PROGRAM} sweep run {self.folder} --shard "${{SLURM_ARRAY_TASK_ID}}/4" \
--jobs "${{SLURM_CPUS_PER_TASK:-1}}" --workers 1 --keep final --quiet
""")

    def test_the_scripts_do_what_is_to_be_done(self):
        self.sweep("submit", "tiny.yaml", "--tasks", "3", "--dry-run")
        self.assertFalse((self.here / "sbatch.log").exists())
        for task in "123":
            self.shell("sweep.sbatch", SLURM_ARRAY_TASK_ID=task)
        self.assertFalse((self.folder / "trials.csv").exists())
        self.shell("merge.sbatch")
        self.check_complete(self.folder, self.swept("alone"))
        result = self.sweep("submit", self.folder)
        self.assertTrue(result.stdout.startswith("no network is left to be done"))
        self.assertFalse((self.here / "sbatch.log").exists())

    def shell(self, script, **variables):
        words = " ".join(f"{k}={shlex.quote(v)}" for k, v in variables.items())
        code = os.system(f"cd / && {words} sh {shlex.quote(str(self.folder / script))} > /dev/null")
        self.assertEqual(code, 0)

    def test_paths_are_those_of_here_and_no_task_is_without_a_point(self):
        self.file("my plugins/mine.lyap.so", "")
        self.sweep("submit", "tiny.yaml", "--tasks", "50", "--dry-run", "--plugins", "my plugins",
                   "--data", "data", "--memory", "64", "-j", "3", "--keep", "row")
        line = self.script("sweep.sbatch").splitlines()[-1]
        words = shlex.split(line)
        self.assertIn("#SBATCH --array=1-12\n", self.script("sweep.sbatch"))
        self.assertEqual(words[words.index("--plugins") + 1], str(self.here / "my plugins"))
        self.assertEqual(words[words.index("--data") + 1], str(self.here / "data"))
        self.assertEqual(words[words.index("--memory") + 1], "64")
        self.assertEqual(words[words.index("--workers") + 1], "3")
        self.assertEqual(words[words.index("--keep") + 1], "row")

    def test_one_sentence_where_it_cannot_be(self):
        self.with_sbatch = False
        error = self.sweep("submit", "tiny.yaml", code=1).stderr
        self.assertEqual(error, "lyap: there is no sbatch here; give this command where Slurm is, or "
                                "with --dry-run, which writes the scripts\n")
        self.assertFalse(self.folder.exists())
        self.with_sbatch = True
        self.file("bin/sbatch", "#!/bin/sh\nexit 3\n").chmod(0o755)
        error = self.sweep("submit", "tiny.yaml", code=1).stderr
        self.assertIn("sweep.sbatch (exit code 3); above it says why", error)
        for words, part in ((["--to", "pbs"], "--shard I/N"), (["--walltime", "2 h"], "02:00:00"),
                            (["--tasks", "0"], "from 1"), (["--sbatch", "long"], "--partition=long")):
            self.assertIn(part, self.sweep("submit", "tiny.yaml", *words, code=2).stderr)


if __name__ == "__main__":
    unittest.main()
