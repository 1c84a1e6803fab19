#!/usr/bin/env python3
"""tests/out_of_tree/out_of_tree.py - plugins made with nothing but an installed lyap.

  out_of_tree.py install BUILD PREFIX       installs, moves the result to PREFIX, looks at it
  out_of_tree.py new PREFIX FOLDER ARGS...  `lyap new ARGS...` in FOLDER, then the commands it prints
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys


def run(words, **options):
    print("$", words if isinstance(words, str) else " ".join(map(str, words)), flush=True)
    done = subprocess.run(words, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False, **options)
    print(done.stdout, flush=True)
    if done.returncode:
        sys.exit(f"exit code {done.returncode}")
    return done.stdout


def require(truth, sentence):
    if not truth:
        sys.exit(sentence)


def clean_environment(prefix):
    """Nothing leads back to the build: only the installed program is on the path."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LYAP_", "CMAKE_"))}
    environment["PATH"] = f"{prefix / 'bin'}:{environment['PATH']}"
    # Two precisions of Eigen's products take half a minute to optimise, and are tested elsewhere.
    environment["CMAKE_BUILD_TYPE"] = "Debug"
    return environment


def install(build, prefix):
    first = prefix.with_name(prefix.name + "-before-the-move")
    for folder in (first, prefix):
        shutil.rmtree(folder, ignore_errors=True)
    run(["cmake", "--install", build, "--prefix", first])
    first.rename(prefix)
    for name in ("bin/lyap", "include/lyap/lyap.hpp", "include/lyap/abi.h",
                 "share/lyap/template/cell/my_cell.cpp", "share/lyap/pipelines/quickstart.yaml"):
        require((prefix / name).is_file(), f"{name} is not installed")
    require(list(prefix.glob("lib*/**/cmake/lyap-sdk/lyap-sdk-config.cmake")),
            "the CMake package lyap-sdk is not installed")
    found = json.loads(subprocess.run([prefix / "bin/lyap", "plugins", "--json"], text=True,
                                      stdout=subprocess.PIPE, check=True,
                                      env=clean_environment(prefix)).stdout)
    folder = str(prefix / "lib/lyap/plugins")
    require(found["folders"] == [folder], f"the search path is {found['folders']}, not {folder}")
    require(not found["refused"], f"refused: {found['refused']}")
    ids = {plugin["id"] for plugin in found["plugins"]}
    missing = {"rnn", "lstm", "gru", "digits", "bptt", "none", "spectrum"} - ids
    require(not missing, f"not installed: {missing}")


def follow_the_guide(folder, name, environment):
    """The commands that the guide gives for a plugin that is built, and how it is installed."""
    guide = (pathlib.Path(__file__).parents[2] / "sdk/README.md").read_text()
    checks = re.findall(r"^    (?:gdb --args )?(lyap check .*)$", guide, re.MULTILINE)
    require(len(checks) >= 4, f"the guide checks its cell by {checks}")
    for command in checks:
        run(command.replace("my_cell", name), shell=True, cwd=folder, env=environment)
    line = re.search(r"`(install\(TARGETS my_cell .*?\))`", guide).group(1)
    with open(folder / name / "CMakeLists.txt", "a", encoding="utf-8") as lists:
        lists.write(line.replace("my_cell", name) + "\n")
    build = folder / name / "build"
    run(["cmake", "--build", build], env=environment)
    run(["cmake", "--install", build, "--prefix", folder / "elsewhere"], env=environment)
    require((folder / "elsewhere/lib/lyap/plugins" / f"{name}.lyap.so").is_file(),
            "the plugin is not installed where lyap looks")


def new(prefix, folder, arguments):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    environment = clean_environment(prefix)
    told = run(["lyap", "new", *arguments], cwd=folder, env=environment)
    commands = [line.strip() for line in told.splitlines() if line.startswith("  ")]
    require(len(commands) == 3, "three commands were to be printed")
    for command in commands:
        run(command, shell=True, cwd=folder, env=environment)
    name = arguments[1]
    library = folder / name / "build" / f"{name}.lyap.so"
    symbols = run(["nm", "--dynamic", "--defined-only", "--format=just-symbols", library]).split()
    require(symbols == ["lyap_library_v1"], "one symbol was to be exported")
    described = run(["lyap", "describe", name, "--plugins", library.parent], env=environment)
    require(described.startswith(name + " "), "the plugin does not bear the name it was given")
    leftovers = [path for path in (folder / name).rglob("*")
                 if path.is_file() and "build" not in path.relative_to(folder).parts
                 and ("my_" in path.name or f"my_{arguments[0]}" in path.read_text())]
    require(not leftovers, f"words of the template are left in {leftovers}")
    if arguments == ["cell", name]:
        follow_the_guide(folder, name, environment)


if __name__ == "__main__":
    action, first, second, *rest = sys.argv[1:]
    if action == "install":
        install(pathlib.Path(first), pathlib.Path(second))
    else:
        new(pathlib.Path(first), pathlib.Path(second), rest)
