#!/usr/bin/env python3
"""tests/out_of_tree/reference.py LYAP FOLDER - the reference pages tell all that the program says."""
import json
import pathlib
import re
import shutil
import subprocess
import sys

lyap, folder = sys.argv[1], pathlib.Path(sys.argv[2])
missing = []


def said(*words):
    return subprocess.run([lyap, *words], text=True, stdout=subprocess.PIPE, check=True).stdout


def require(text, page, what):
    if text not in page:
        missing.append(f"{what}: {text}")


def check_plugin(id_):
    page = (folder / "plugins" / f"{id_}.md").read_text()
    told = json.loads(said("describe", id_, "--json"))
    require(f"# {id_}\n", page, id_)
    for option in told["options"]:
        require(f"| `{option['name']}` | {option['type']} |", page, f"{id_}, option")
        for choice in option.get("choices", []):
            require(f"`{choice}`", page, f"{id_}, {option['name']}")
    for port in told["ports"]:
        require(f"| `{port['name']}` |", page, f"{id_}, port")
        require(", ".join(port.get("axes", [])), page, f"{id_}, axes of {port['name']}")


def check_commands():
    page = (folder / "commands.md").read_text()
    listed = re.findall(r"^  ([a-z]+) ", said("--help").partition("Exit codes")[0], re.MULTILINE)
    parts = [f"{command} {part}" for command in ("sweep", "data")
             for part in re.findall(r"^  ([a-z]+) ", said(command, "--help"), re.MULTILINE)]
    for command in listed + parts:
        require(f"\n## lyap {command}\n", page, "command")
        require(f"Usage: lyap {command} ", page, "help of a command")
    for code in (0, 1, 2, 3, 4, 130):
        require(f"\n| {code} | ", page, "exit code")


def check_links():
    for page in folder.rglob("*.md"):
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            if not (page.parent / link).is_file():
                missing.append(f"{page}: a link to {link}, which is not there")


shutil.rmtree(folder, ignore_errors=True)
said("describe", "--pages", folder)
plugins = [plugin["id"] for plugin in json.loads(said("plugins", "--json"))["plugins"]]
for plugin in plugins:
    require(f"](plugins/{plugin}.md)", (folder / "README.md").read_text(), "index")
    check_plugin(plugin)
check_commands()
check_links()
if missing or not plugins:
    sys.exit("\n".join(missing) or "no plugins")
print(f"{len(plugins)} plugins, their options and ports, commands and links")
