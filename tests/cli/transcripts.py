#!/usr/bin/env python3
"""tests/cli/transcripts.py - does the program still say, word for word, what the transcripts hold?

A transcript is a list of commands, each with its exit code and what it printed:

    $ lyap describe spectum
    exit 3
    --- stderr
    lyap: there is no plugin 'spectum'; did you mean 'spectrum'? ...

Lines before the first command are a comment. In commands and in what they print, {plugins} stands
for the folder of our plugins, {broken} for that of the broken ones, {prefix} for what the program
is installed in, and {here} for the empty folder that the commands of one transcript start in.
What differs between two machines or two runs is masked: see MASKS.
"""
import argparse
import difflib
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

MASKS = [
    (re.compile(r"OpenBLAS \d.*, running on \w+"), "OpenBLAS [version and processor]"),
    (re.compile(r"Eigen \d.*"), "Eigen [version], [compiler]"),
    (re.compile(r"(ABI [\d.]+, SDK [\d.]+), .+"), r"\1, [compiler]"),
    (re.compile(r"\b\d+(\.\d+)?(e[-+]?\d+)? (m?s)\b"), r"[time] \3"),
    (re.compile(r'"seconds": [-+.\de]+'), '"seconds": [time]'),
    (re.compile(r"\b\d+(\.\d+)?e[-+]\d\d\b"), "[tiny]"),
]


def parse(text):
    """The comment, and the commands without what they printed."""
    comment, commands = [], []
    for line in text.splitlines():
        if line.startswith("$ "):
            commands.append(line[2:])
        elif not commands:
            comment.append(line)
    return comment, commands


def printed(name, text, places):
    for place, path in sorted(places.items(), key=lambda item: -len(item[1])):
        text = text.replace(path, place)
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    if not text:
        return ""
    return f"--- {name}\n{text}" + ("" if text.endswith("\n") else "\n[no line break]\n")


def play(command, program, places, environment):
    """The command and what it did, as a transcript says it."""
    line = command
    for place, path in places.items():
        line = line.replace(place, path)
    words = shlex.split(line)
    if words[0] == "lyap":
        words[0] = program
    done = subprocess.run(words, cwd=places["{here}"], env=environment, text=True, timeout=120,
                          stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return (f"$ {command}\nexit {done.returncode}\n" + printed("stdout", done.stdout, places) +
            printed("stderr", done.stderr, places))


def replay(text, program, broken):
    comment, commands = parse(text)
    prefix = pathlib.Path(program).parent.parent
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LYAP_", "XDG_"))}
    with tempfile.TemporaryDirectory() as here:
        here = os.path.realpath(here)
        environment.update(HOME=here, TERM="dumb", LC_ALL="C.UTF-8")
        places = {"{plugins}": str(prefix / "lib/lyap/plugins"), "{broken}": broken,
                  "{prefix}": str(prefix), "{here}": here}
        parts = ["\n".join(comment) + "\n" if comment else ""]
        parts += [play(command, program, places, environment) for command in commands]
    return "\n".join(part.strip("\n") + "\n" for part in parts if part)


def main():
    parser = argparse.ArgumentParser(description="compares transcripts of the program")
    parser.add_argument("--program", required=True)
    parser.add_argument("--broken", required=True, help="the folder of broken plugins")
    parser.add_argument("--refresh", action="store_true", help="write what is said now")
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    asked = parser.parse_args()
    differ = False
    for file in asked.files:
        wanted = file.read_text(encoding="utf-8")
        found = replay(wanted, os.path.realpath(asked.program), os.path.realpath(asked.broken))
        if found == wanted:
            continue
        if asked.refresh:
            file.write_text(found, encoding="utf-8")
            print(f"{file} is renewed")
            continue
        differ = True
        sys.stdout.writelines(difflib.unified_diff(wanted.splitlines(True), found.splitlines(True),
                                                   str(file), "what is said now"))
    if differ:
        print("\nIf that is meant: cmake --build build --target refresh_transcripts, and read the diff")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
