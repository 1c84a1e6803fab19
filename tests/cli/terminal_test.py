#!/usr/bin/env python3
"""tests/cli/terminal_test.py - what a person sees: the line of progress, colours, Ctrl-C, the end."""
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import struct
import sys
import termios
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "faults"))
from data_test import Server, entry  # noqa: E402
from program import PROGRAM, TINY, ProgramTest  # noqa: E402

CLEARED = "\r\x1b[K"
COLOUR = re.compile(r"\x1b\[\d+m")
FOREVER = ["-s", "trials.train.with.epochs=100000"]
FEW = ["-s", "trials.sweep.network.count=2"]
SWEEP = TINY.replace("trials:\n", "trials:\n  sweep: {network: {count: 20}}\n").replace("epochs: 4", "epochs: 30")


class Seen:
    """All that came through a terminal, and how the program ended."""

    def __init__(self, text, code):
        self.text, self.code = text, code

    def drawn(self):
        """Every line of progress that was drawn, without colours."""
        pieces = COLOUR.sub("", self.text).replace("\r\n", "\n").split(CLEARED)[1:]
        return [piece for piece in pieces if piece and "\n" not in piece]

    def left(self):
        """The rows that are on the screen in the end."""
        rows = COLOUR.sub("", self.text).replace("\r\n", "\n").split("\n")
        return [row.split(CLEARED)[-1] for row in rows]


class TerminalTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file("tiny.yaml", TINY)
        self.file("sweep.yaml", SWEEP)

    def seen(self, *words, columns=80, interrupt=None, **variables):
        """The program on a terminal of so many columns; Ctrl-C once it has shown the pattern `interrupt`.

        The line is not drawn at every step: a pattern has to fit several of them."""
        environment = {**self.environment(), "TERM": "xterm", **variables}
        environment.pop("COLUMNS", None)
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.here)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            os.execve(PROGRAM, [PROGRAM, *map(str, words)], environment)
        text, until = "", time.monotonic() + 120
        while time.monotonic() < until:
            if not select.select([terminal], [], [], 0.2)[0]:
                continue
            try:
                text += os.read(terminal, 1 << 16).decode()
            except OSError:  # how Linux says that nobody writes to a terminal any more
                break
            if interrupt and re.search(interrupt, text):
                os.write(terminal, b"\x03")
                interrupt = None
        else:
            os.kill(child, 9)
        os.close(terminal)
        return Seen(text, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))

    def test_a_line_of_progress_that_is_gone_in_the_end(self):
        seen = self.seen("run", "tiny.yaml")
        self.assertEqual(seen.code, 0, seen.text)
        self.assertIn("epoch 1        [##############################] 10/10", seen.drawn())
        self.assertTrue(any(line.startswith("spectrum ") for line in seen.drawn()), seen.text)
        self.assertFalse([row for row in seen.left() if "##" in row])

    def test_rate_and_time_left_of_a_stage_that_takes_a_while(self):
        seen = self.seen("sweep", "run", "sweep.yaml")
        self.assertEqual(seen.code, 0, seen.text)
        self.assertTrue(any(re.search(r"\d/20  [\d.]+/s  \d+ s left$", line) for line in seen.drawn()),
                        seen.text)

    def test_a_line_is_never_wider_than_the_terminal(self):
        for columns in (20, 40, 60, 200):
            with self.subTest(columns=columns):
                seen = self.seen("run", "tiny.yaml", columns=columns)
                self.assertEqual(seen.code, 0, seen.text)
                self.assertTrue(seen.drawn())
                self.assertLess(max(map(len, seen.drawn())), columns)

    def test_colours_unless_no_color_is_set(self):
        self.assertRegex(self.seen("run", "tiny.yaml").text, COLOUR)
        self.assertRegex(self.seen("run", "no.yaml").text, r"\x1b\[31mlyap:\x1b\[0m ")
        plain = self.seen("run", "tiny.yaml", NO_COLOR="1")
        self.assertNotRegex(plain.text, COLOUR)
        self.assertTrue(plain.drawn())

    def test_no_escape_sequence_where_it_would_be_no_use(self):
        for how in ({"TERM": "dumb"}, {"TERM": ""}):
            self.assertNotIn("\x1b", self.seen("run", "tiny.yaml", **how).text)
        self.assertNotIn("\x1b", self.seen("run", "tiny.yaml", "--quiet").text)
        piped = self.lyap("run", "tiny.yaml")
        self.assertNotIn("\x1b", piped.stdout + piped.stderr)

    def test_quiet_says_the_results_alone(self):
        rows = [row for row in self.seen("run", "tiny.yaml", "-q").left() if row]
        self.assertTrue(all(row.startswith(("le ", "results: ")) for row in rows), rows)

    def test_what_was_read_as_it_came_is_not_said_again(self):
        rows = self.seen("run", "tiny.yaml").left()
        self.assertEqual(sum("spectrum largest" in row for row in rows), 5, rows)
        self.assertEqual(self.done("run", "tiny.yaml").count("spectrum largest"), 5)

    def test_ctrl_c_in_training(self):
        seen = self.seen("run", "tiny.yaml", *FOREVER, interrupt=r"epoch \d\d")
        self.assertEqual(seen.code, 130, seen.text)
        rows = [row for row in seen.left() if row]
        self.assertFalse([row for row in rows if "##" in row or "^C" in row], rows)
        self.assertRegex(rows[-1], r"^lyap: .*training was stopped .*; go on with: lyap run --resume runs/")

    def test_ctrl_c_in_a_sweep(self):
        seen = self.seen("sweep", "run", "sweep.yaml", interrupt=r" [1-9]/20")
        self.assertEqual(seen.code, 130, seen.text)
        rows = [row for row in seen.left() if row]
        self.assertFalse([row for row in rows if "##" in row or "^C" in row], rows)
        self.assertIn("go on with: lyap sweep run", rows[-1])
        done = self.seen("sweep", "run", "runs/tiny")
        self.assertIn("20 networks: 20 done", done.left())

    def test_the_end_names_the_files_to_open(self):
        for words, wanted in (
                (["run", "tiny.yaml"], ["report.html", "spectra.h5", "metrics.jsonl", "final.safetensors"]),
                (["sweep", "run", "sweep.yaml", *FEW], ["report.html", "trials.csv", "trials.h5"]),
                (["sweep", "merge", "sweep.yaml", *FEW, "--no-report"], ["report.html", "trials.csv", "trials.h5"])):
            with self.subTest(words=words):
                said = self.lyap(*words).stderr
                self.assertIn("to open:\n", said)
                files = [line.split()[0] for line in said.partition("to open:\n")[2].splitlines()]
                self.assertEqual([pathlib.Path(file).name for file in files], wanted)
                self.assertTrue(all((self.here / file).exists() for file in files), files)

    def test_a_download_is_told_in_bytes(self):
        content = bytes(2_000_000)
        server = Server({"images": content})
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.file("c.yaml", json.dumps({"sets": {"digits": {"base": server.base, "files": [
            entry("digits/images", content, **{"from": "images"})]}}}))
        seen = self.seen("data", "fetch", "digits", "--catalogue", "c.yaml", "--data", "store", LYAP_TEST_HTTP="1")
        self.assertEqual(seen.code, 0, seen.text)
        self.assertRegex(seen.drawn()[-1], r"^digits/images +\[#{30}\] 2.0 MB of 2.0 MB")
        self.assertEqual([row for row in seen.left() if row], ["store/digits/images"])

    def test_open_shows_the_report(self):
        shown = self.file("bin/xdg-open", f"#!/bin/sh\necho \"$1\" > {self.here}/shown\n")
        shown.chmod(0o755)
        path = f"{shown.parent}:{os.environ['PATH']}"
        for words in (["tiny.yaml"], ["sweep.yaml", *FEW]):
            seen = self.seen("run", *words, "--open", PATH=path)
            self.assertEqual(seen.code, 0, seen.text)
            report = (self.here / "shown").read_text().strip()
            self.assertTrue((self.here / report).is_file(), report)
        self.assertIn("give one of them", self.lyap("run", "tiny.yaml", "--open", "--no-report").stderr)


if __name__ == "__main__":
    unittest.main()
