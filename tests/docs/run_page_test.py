#!/usr/bin/env python3
"""tests/docs/run_page_test.py - a page that says what is not so is found out."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

RUN_PAGE = pathlib.Path(__file__).with_name("run_page.py")


class RunPage(unittest.TestCase):
    def result(self, text, *options):
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "page.md"
            page.write_text(text, encoding="utf-8")
            return subprocess.run([sys.executable, str(RUN_PAGE), str(page), *options], text=True,
                                  stdout=subprocess.PIPE, check=False)

    def good(self, text, *parts):
        result = self.result(text)
        self.assertEqual(result.returncode, 0, result.stdout)
        for part in parts:
            self.assertIn(part, result.stdout)

    def bad(self, text, part):
        result = self.result(text)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn(part, result.stdout)

    def test_blocks_share_a_folder_and_variables(self):
        self.good("<!-- saved as: words.txt -->\n```text\nhello\n```\n"
                  "```python\nword = open('words.txt').read()\n```\n"
                  "```python\nprint(word, 3)\n```\n"
                  "<!-- printed -->\n```text\n...\n    4\n```\n"
                  "```sh\ngrep hello words.txt\n```\n")

    def test_a_command_that_fails_is_told_with_its_line(self):
        self.bad("# Page\n\n```sh\nfalse\n```\n", "page.md:3: sh: Failed: exit code 1")
        self.bad("text\n\n    lyap plan nothing.yaml\n", "there is no")

    def test_what_was_not_printed_is_told(self):
        self.bad("```sh\necho 12 networks\n```\n<!-- printed -->\n```text\n12 nets\n```\n",
                 "this line was not printed")

    def test_a_block_that_is_not_run_says_why(self):
        self.good("<!-- not run: no reason -->\n```sh\nfalse\n```\n", "not run: no reason")
        self.good("<!-- needs: no_such_thing -->\n```sh\nfalse\n```\n", "there is no no_such_thing")
        self.good("<!-- slow: hours -->\n```sh\nfalse\n```\n", "slow: hours")
        self.bad("```julia\nx = 1\n```\n", "`julia` is not run here")

    def test_a_pipeline_is_planned_and_its_mistakes_are_told(self):
        self.bad("```yaml\nlyap: 1\ntrials: {}\n```\n", "yaml: Failed: exit code")
        self.bad("```yaml\nweights: {}\n```\n", "not a whole pipeline")

    def test_slow_blocks_run_when_asked(self):
        self.assertEqual(self.result("<!-- slow: hours -->\n```sh\nfalse\n```\n", "--slow").returncode, 1)
        self.assertEqual(self.result("nothing\n", "--slow").returncode, 77)


if __name__ == "__main__":
    unittest.main()
