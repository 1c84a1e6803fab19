#!/usr/bin/env python3
"""tests/docs/links.py - every link of a page to a file or a heading of ours leads somewhere."""
import pathlib
import re
import sys

import page as pages

LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")


def anchors(path):
    """GitHub's names of the headings: small letters, no punctuation, hyphens for spaces."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(page):
    text = re.sub(r"`[^`\n]*`", "", page.read_text(encoding="utf-8"))  # code is no link
    for link in LINK.finditer(text):
        target, _, anchor = (link[1] or link[2]).partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        path = page.parent / target if target else page
        if not path.exists():
            yield f"{page.name}: there is no {target}"
        elif anchor and anchor not in anchors(path):
            yield f"{page.name}: {path.name} has no heading for #{anchor}"


top = pathlib.Path(__file__).resolve().parents[2]
mistakes = [m for page in [*pages.pages(), top / "sdk/README.md", top / "data/results/README.md"]
            for m in broken(page)]
print("\n".join(mistakes) or "all links lead somewhere")
sys.exit(1 if mistakes else 0)
