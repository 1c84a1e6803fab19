#!/usr/bin/env bash
# tests/clean_machine/run.sh - the project's commands on a new Debian 12 with only git and a shell.
#   tests/clean_machine/run.sh [FOLDER [COMMAND...]]
# Makes such a system in FOLDER (default: a temporary one; removed at the end), clones HEAD into it,
# runs each command there (default: './dev run' and './dev test') and prints how long each took.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
source "$here/machine.sh"

folder=${1:-$(mktemp -d)}
shift || true
(($#)) || set -- './dev run' './dev test'

make_machine "$folder" git
git -C "$here" bundle create -q "$machine/root/lyap.bundle" HEAD
inside 'git -c advice.detachedHead=false clone -q lyap.bundle lyap'
echo "=== $(inside '. /etc/os-release && echo "$PRETTY_NAME, $(nproc) cores, $(dpkg -l | grep -c ^ii) packages"')"
echo "=== $(inside 'git -C lyap log -1 --format="%h %s"')"
run_each lyap "$@"
