#!/usr/bin/env python3
"""tests/out_of_tree/guide.py - every block of code in the plugin author's guide is in a template."""
import pathlib
import re
import sys

sdk = pathlib.Path(__file__).parents[2] / "sdk"
texts = [path.read_text() for path in (sdk / "template").rglob("*") if path.is_file()]
blocks = re.findall(r"```(?:cpp|cmake)\n(.*?)```", (sdk / "README.md").read_text(), re.DOTALL)
strange = [block for block in blocks if not any(block in text for text in texts)]
for block in strange:
    print("This block is in no template:\n" + block)
if not blocks:
    print("The guide has no code.")
sys.exit(1 if strange or not blocks else 0)
