"""tests/docs/page.py - the blocks of code of a Markdown page, and what the page says about them.

A comment in front of a block, which a reader does not see, says how it is to be taken:

    <!-- not run: WHY -->        it is only looked at
    <!-- only planned: WHY -->   `lyap plan` in the place of `lyap run` and `lyap sweep run`
    <!-- slow: WHY -->           it runs in the tests labelled slow
    <!-- needs: WORDS -->        it runs where there are these modules of Python (torch) and data sets,
                                 folders of LYAP_DATA (mnist)
    <!-- saved as: FILE -->      the page's other blocks find it there
    <!-- printed -->             what the block above prints, numbers aside; `...` stands for lines

Several stand side by side. `<!-- before` ... `-->` holds commands that make what a page takes for
granted.
"""
import dataclasses
import pathlib
import re

MARK = re.compile(r"<!-- (not run|only planned|slow|needs|saved as|printed)(?:: (.*?))? -->")
BEFORE = re.compile(r"<!-- before\n(.*?)-->", re.DOTALL)
FENCE = re.compile(r"^( *)```(\w*)$")
COMMAND = re.compile(r"(\./dev|(build/bin/)?lyap|cmake) ")


@dataclasses.dataclass
class Block:
    language: str
    text: str
    line: int
    marks: dict


def language_of_indented(text):
    if COMMAND.match(text):
        return "sh"
    return "yaml" if re.match(r"\w+: *(\n|\{)", text) else "text"


def blocks(page):
    """All blocks of a page in its order; indented ones are those after an empty line."""
    found, lines, marks, at = [], page.read_text(encoding="utf-8").split("\n"), {}, 0
    while at < len(lines):
        line, start = lines[at], at + 1
        fence = FENCE.match(line)
        at += 1
        if fence:
            end = next(i for i in range(at, len(lines)) if lines[i].strip() == "```")
            text = "\n".join(row[len(fence[1]):] for row in lines[at:end]) + "\n"
            found.append(Block(fence[2] or "text", text, start, marks))
            marks, at = {}, end + 1
        elif line.startswith("    ") and (start == 1 or not lines[start - 2] or marks):
            while at < len(lines) and (lines[at].startswith("    ") or not lines[at]):
                at += 1
            text = "\n".join(row[4:] for row in lines[start - 1:at]).strip("\n") + "\n"
            found.append(Block(language_of_indented(text), text, start, marks))
            marks = {}
        elif MARK.search(line):
            marks.update(MARK.findall(line))
        elif line:
            marks = {}
    return found


def before(page):
    """The commands of the page's `before` comments."""
    return "".join(BEFORE.findall(page.read_text(encoding="utf-8")))


def pages():
    """Every page whose code the tests carry out."""
    top = pathlib.Path(__file__).resolve().parents[2]
    return [top / "README.md", *sorted((top / "data/docs").glob("*.md"))]
