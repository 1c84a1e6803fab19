#!/usr/bin/env bash
# tests/clean_machine/package.sh - the Debian packages install and run on a new Debian 12.
#   tests/clean_machine/package.sh [BUILD]
# Packs what is built in BUILD (default: build/), installs lyap alone and uses it, then lyap-sdk,
# makes a plugin with it, and removes both.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
source "$here/machine.sh"

build=$(realpath "${1:-$here/../../build}")
[[ -x $build/bin/lyap ]] || fail "nothing is built in '$build'; ./dev build does that"
make_machine "$(mktemp -d)"
(cd "$machine/root" && cpack --config "$build/CPackConfig.cmake" -B "$machine/root" >/dev/null) ||
  fail "cpack could not pack '$build'"
rm -rf "$machine/root/_CPack_Packages"
ls -l "$machine/root" | awk '/deb$/ { print "===", $5, "bytes", $9 }'

install='apt-get install -y -qq --no-install-recommends'
run_each . \
  'apt-get update -qq' \
  "$install ./lyap_*.deb >/dev/null" \
  'lyap --version' \
  'lyap selftest' \
  'lyap data list' \
  'lyap run /usr/share/lyap/pipelines/quickstart.yaml -q && ls runs/*/spectra.h5' \
  'lyap export runs/* --to csv -o csv && ls csv' \
  'lyap data fetch mnist --print' \
  '! lyap new cell my_cell' \
  "$install ./lyap-sdk_*.deb >/dev/null" \
  'lyap new cell my_cell' \
  'cmake -S my_cell -B my_cell/build >/dev/null && cmake --build my_cell/build' \
  'lyap check my_cell/build/my_cell.lyap.so' \
  'apt-get remove -y -qq lyap lyap-sdk >/dev/null && ! ls -d /usr/lib/lyap /usr/share/lyap /usr/include/lyap'
