#!/usr/bin/env python3
"""tests/docs/run_page.py PAGE [--slow] - does the code that a page shows do what the page says?

Blocks are carried out in the page's order, in one empty folder: `sh` by bash, `python` here, with
one set of variables; a `yaml` that is a whole pipeline is planned. The folder has build/bin/lyap and
data/ as a checkout has, a network and inputs of the reader's own (my_lstm.safetensors, my_inputs.npy,
my_targets.npy), and `lyap` is in the PATH. --slow: blocks marked so are carried out too.
"""
import argparse
import contextlib
import importlib.util
import io
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import page as pages

TOP = pathlib.Path(__file__).resolve().parents[2]
os.environ.setdefault("LYAP", str(TOP / "build/bin/lyap"))
sys.path.append(str(TOP / "tests/faults"))
from program import PROGRAM, npy, numbers, recurrent, safetensors  # noqa: E402

SKIPPED = 77


class Failed(Exception):
    """A block does not do what the page says."""


class Reader:
    """Somebody who types what the page shows."""

    def __init__(self, page, here, slow):
        self.page, self.here, self.slow = page, here, slow
        self.data = os.environ.get("LYAP_DATA", "")
        self.scope = {"__name__": "__main__"}
        self.printed = ""
        (here / "build/bin").mkdir(parents=True)
        (here / "build/bin/lyap").symlink_to(PROGRAM)
        (here / "build/bin/python3").symlink_to(sys.executable)  # the one that has the packages
        (here / "data").symlink_to(TOP / "data")
        network = safetensors(recurrent(4, 8, 3, prefix="lstm."))
        (here / "my_lstm.safetensors").write_bytes(network)
        for name, width in (("inputs", 3), ("targets", 2)):
            shape = (12, 80, width)
            (here / f"my_{name}.npy").write_bytes(npy(shape, numbers(12 * 80 * width, width)))
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("LYAP_", "XDG_"))},
            "PATH": f"{here}/build/bin:{os.environ['PATH']}", "HOME": str(here), "TERM": "dumb",
            "LC_ALL": "C.UTF-8", "CMAKE_PREFIX_PATH": str(pathlib.Path(PROGRAM).parents[1]),
            **({"LYAP_DATA": self.data} if self.data else {})}

    def reason_to_skip(self, block):
        if "not run" in block.marks:
            return "not run: " + block.marks["not run"]
        for need in block.marks.get("needs", "").split():
            module = importlib.util.find_spec(need)
            if not module and not (self.data and (pathlib.Path(self.data) / need).is_dir()):
                return f"skipped: there is no {need}"
        if "slow" in block.marks and not self.slow:
            return "slow: " + block.marks["slow"]
        return None

    def take(self, block):
        """Carries out a block; the reason when it does not."""
        reason = self.reason_to_skip(block)
        if "saved as" in block.marks:
            path = self.here / block.marks["saved as"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        if reason:
            self.printed = None  # what follows as `printed` was not
            return reason
        if "printed" in block.marks:
            return self.compare(block)
        carry_out = {"sh": self.shell, "bash": self.shell, "python": self.python, "yaml": self.plan}
        if block.language not in carry_out:
            if block.language != "text":
                raise Failed(f"`{block.language}` is not run here; say why in front of it")
            return "text"
        return carry_out[block.language](block)

    def shell(self, block):
        text = re.sub(r"--data DIR\b", f"--data '{self.data}'", block.text)
        if "only planned" in block.marks:
            text = re.sub(r"(?m)^((?:build/bin/)?lyap) (?:sweep )?run ", r"\1 plan ", text)
            text = re.sub(r" --jobs \d+", "", text)
        self.bash(text)
        return None

    def bash(self, text):
        done = subprocess.run(["bash", "-ec", text], cwd=self.here, env=self.environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        self.printed = done.stdout
        if done.returncode:
            raise Failed(f"exit code {done.returncode}\n{done.stdout}")

    def python(self, block):
        out = io.StringIO()
        os.chdir(self.here)
        try:
            with contextlib.redirect_stdout(out):
                exec(compile("\n" * block.line + block.text, str(self.page), "exec"), self.scope)
        finally:
            os.chdir(TOP)
        self.printed = out.getvalue()
        return None

    def plan(self, block):
        if not re.search(r"^lyap: 1$", block.text, re.M):
            raise Failed("not a whole pipeline; say in front of it that it is not run")
        (self.here / "shown.yaml").write_text(block.text, encoding="utf-8")
        self.bash("lyap plan shown.yaml")
        return None

    def compare(self, block):
        """Every line of the block is one that was printed, numbers and spaces aside."""
        if self.printed is None:
            return "its command was not carried out"
        printed = {masked(line) for line in self.printed.splitlines()}
        for line in block.text.splitlines():
            if line.strip() not in ("", "...") and masked(line) not in printed:
                raise Failed(f"this line was not printed:\n{line}\nbut:\n{self.printed}")
        return None


def masked(line):
    line = re.sub(r"\d{4}-\d\d-\d\dT[\d-]+_(\w+)_[0-9a-f]+", r"TIME_\1", line)
    return re.sub(r"\s+", " ", re.sub(r"[-+]?\d+(\.\d+)?(e[-+]?\d+)?", "#", line)).strip()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("page", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("--slow", action="store_true")
    options = parser.parse_args()
    blocks = pages.blocks(options.page)
    if options.slow and not any("slow" in block.marks for block in blocks):
        print("no block is marked slow")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="lyap-docs-") as folder:
        reader = Reader(options.page, pathlib.Path(folder), options.slow)
        if pages.before(options.page):
            reader.bash(pages.before(options.page))
        for block in blocks:
            where = f"{options.page.name}:{block.line}: {block.language}"
            try:
                print(f"{where}: {reader.take(block) or 'good'}", flush=True)
            except Exception as error:  # whatever a block of Python raises
                print(f"{where}: {type(error).__name__}: {error}\n{block.text}")
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
