#!/usr/bin/env python3
"""tests/faults/documents_test.py - the settings and tensors that data/docs names exist."""
import json
import pathlib
import re
import unittest

from program import ProgramTest

DOCS = pathlib.Path(__file__).resolve().parents[2] / "data" / "docs"


class Documents(ProgramTest):
    def options(self, plugin):
        described = json.loads(self.done("describe", plugin, "--json"))
        return {option["name"]: option for option in described["options"]}

    def test_every_setting_that_reproduces_published_code_exists(self):
        rows = re.findall(r"`([a-z0-9_, ]+): \{([a-z][^`]*)\}`", (DOCS / "published.md").read_text())
        self.assertGreater(len(rows), 15)
        for plugins, settings in rows:
            for plugin in plugins.split(", "):
                if plugin == "cell":
                    continue  # initialisers of weights
                options = self.options(plugin)
                for name, value in re.findall(r"(\w+): ([\w.]+)", settings):
                    with self.subTest(plugin=plugin, setting=f"{name}: {value}"):
                        self.assertIn(name, options)
                        if options[name].get("choices"):
                            self.assertIn(value, options[name]["choices"])

    def test_every_tensor_of_the_table_is_a_weight_of_the_cell(self):
        table = (DOCS / "networks.md").read_text().split("## Other repositories")[0]
        rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", table, re.M)
        self.assertEqual({cell for cell, _ in rows},
                         {p["id"] for p in json.loads(self.done("plugins", "--json"))["plugins"]
                          if p["kind"] == "cell"})
        for cell, text in rows:
            if "the same" in text or text.startswith("as "):
                continue
            first = re.split(r";|, and by|unless", text)[0]
            self.file("plan.yaml", "lyap: 1\ntrials:\n  task: {use: digits}\n"
                      f"  cell: {{use: {cell}, with: {{units: 8}}}}\n"
                      "  measure: [{use: spectrum, as: le}]\n")
            plan = self.done("plan", "plan.yaml")
            for name in re.findall(r"`([\w.]+)` \[", first):
                with self.subTest(cell=cell, tensor=name):
                    self.assertIn(f"cell.{name}_l0", plan)


if __name__ == "__main__":
    unittest.main()
