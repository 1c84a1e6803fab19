#!/usr/bin/env python3
"""tests/out_of_tree/messages.py PREFIX FOLDER - people see the messages that the guide explains."""
import os
import pathlib
import re
import shutil
import subprocess
import sys

prefix, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
here = pathlib.Path(__file__).parent
shutil.rmtree(folder, ignore_errors=True)
shutil.copytree(here / "mistakes", folder)
environment = {k: v for k, v in os.environ.items() if not k.startswith(("LYAP_", "CMAKE_"))}
environment["PATH"] = f"{prefix / 'bin'}:{environment['PATH']}"


def said(command, code):
    done = subprocess.run(command, shell=True, cwd=folder, env=environment, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != code:
        sys.exit(f"$ {command}\n{done.stdout}\nexit code {done.returncode}, and {code} was due")
    return done.stdout.replace("‘", "'").replace("’", "'")


eigen = subprocess.run(["pkg-config", "--cflags", "eigen3"], text=True, check=True,
                       stdout=subprocess.PIPE).stdout.strip()
compiler = f"c++ -std=c++20 -I'{prefix}/include' {eigen}"
text = said(f"cmake -S . -B build -DCMAKE_BUILD_TYPE=Debug -DCMAKE_PREFIX_PATH='{prefix}'"
            " && cmake --build build", 0)
text = said("lyap check build/mistakes.lyap.so", 3)
text += said(f"{compiler} -fsyntax-only weight_on_the_right.cpp", 1)
text += said(f"{compiler} -shared -fPIC no_plugins.cpp -o no_plugins.lyap.so"
             " && lyap check no_plugins.lyap.so", 3)
text += said("lyap plan mistakes.yaml", 3)
text += said("lyap plan mistakes.yaml -s trials.cell.use=lstm -s trials.cell.with.unit=3", 3)
# What needs another build or another processor is told word for word in a test of the kernel.
text += re.sub(r'"\s+"', "", (here.parent / "framework/plugin/library_test.cpp").read_text())
text = text.replace("ThreadSanitizer", "AddressSanitizer")

guide = (here.parents[1] / "sdk/README.md").read_text()
tests = re.findall(r"^\w+ +([a-z-]+)  ", said("lyap check --list", 0), re.MULTILINE)
untold = [test for test in tests if f"`{test}`" not in guide]
section = guide.partition("## Messages, and what they mean")[2].partition("\n## ")[0]
messages = re.findall(r"^\| `(.*?)` \|", section, re.MULTILINE)
unseen = [message for message in messages if not all(part in text for part in message.split("..."))]
for message in unseen:
    print("Nobody says:", message)
print("Tests the guide does not explain:", untold or "none")
print(f"{len(messages)} messages, {len(tests)} tests")
sys.exit(1 if unseen or untold or len(messages) < 10 or len(tests) < 20 else 0)
