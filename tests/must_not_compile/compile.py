"""tests/must_not_compile/compile.py - sources the compiler must refuse with the sentence they name.

compile.py COMPILER FLAGS... SOURCE: the source's second line is `// must say: <sentence>`, or
`// must compile` for what proves that the flags are right.
"""
import subprocess
import sys


def main() -> int:
    *command, source = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        demand = file.readlines()[1].strip()
    done = subprocess.run([*command, "-fsyntax-only", source], capture_output=True, text=True)
    if demand == "// must compile":
        if done.returncode != 0:
            print(done.stderr)
        return done.returncode
    sentence = demand.removeprefix("// must say: ")
    if sentence == demand:
        print(f"{source}: the second line is neither 'must say' nor 'must compile'")
        return 1
    if done.returncode == 0:
        print(f"{source} compiles")
        return 1
    # The compiler quotes string literals as written: pieces of one sentence stand in quotes.
    if sentence not in done.stderr.replace('" "', ""):
        print(f"the compiler does not say: {sentence}\n{done.stderr[:4000]}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
