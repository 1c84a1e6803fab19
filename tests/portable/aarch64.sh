#!/usr/bin/env bash
# tests/portable/aarch64.sh [FOLDER] - builds program, plugins and tests for 64-bit ARM and runs what
# must not depend on the processor under qemu-user.  FOLDER, build-aarch64 by default, keeps the
# build and the libraries.  Exit code 77, skipped, where Debian's cross compiler or qemu are missing:
#   apt-get install g++-aarch64-linux-gnu qemu-user
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
folder=$(realpath -m "${1:-$top/build-aarch64}")
sysroot=$folder/sysroot
export QEMU_LD_PREFIX=$sysroot # where qemu finds the libraries

# As in ./dev, and the C++ library that Debian's cross compiler shares with no other package.
libraries=(libboost-dev libboost-program-options-dev libeigen3-dev libopenblas-pthread-dev
  liblapacke-dev doctest-dev libyaml-cpp-dev nlohmann-json3-dev libfmt-dev libhdf5-dev zlib1g-dev
  libssl-dev libstdc++-12-dev)
targets=(lyap plugins/all sdk_tests base_tests linalg_tests cells_tests spectrum_tests)

for program in aarch64-linux-gnu-g++ qemu-aarch64 apt-get dpkg-deb; do
  command -v "$program" >/dev/null || {
    echo "skipped: no '$program' here; apt-get install g++-aarch64-linux-gnu qemu-user" >&2
    exit 77
  }
done

# apt with lists, cache and state of its own: nothing of this machine is changed, no root needed.
apt_for_arm() {
  apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures::=arm64 \
    -o Dir::State="$folder/apt" -o Dir::State::status="$folder/apt/status" \
    -o Dir::Cache="$folder/apt" -o Debug::NoLocking=true -o APT::Sandbox::User= \
    -o Acquire::Retries=3 "$@"
}

unpack_libraries() {
  mkdir -p "$folder"/apt/{lists,archives}/partial "$sysroot"
  : >"$folder/apt/status"
  apt_for_arm update
  apt_for_arm install -y --no-install-recommends --download-only "${libraries[@]}" >/dev/null
  local package
  for package in "$folder"/apt/archives/*.deb; do
    dpkg-deb -x "$package" "$sysroot"
  done
  # What the packages leave to update-alternatives when they are installed.
  local lib=$sysroot/usr/lib/aarch64-linux-gnu name
  for name in libopenblas.so libopenblas.so.0 libblas.so.3 liblapack.so.3; do
    ln -sf "openblas-pthread/$name" "$lib/$name"
  done
  for name in openblas blas-openblas lapack-openblas; do
    ln -sf "../openblas-pthread/pkgconfig/$name.pc" "$lib/pkgconfig/${name%-openblas}.pc"
  done
  ln -sf hdf5-serial.pc "$lib/pkgconfig/hdf5.pc"
  rm -r "$folder/apt"
  touch "$sysroot/complete"
}

run() {
  echo "aarch64: $*"
  qemu-aarch64 "$@"
}

[[ -e $sysroot/complete ]] || unpack_libraries
cmake -S "$top" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_TOOLCHAIN_FILE="$top/tests/portable/aarch64.cmake" -DLYAP_SYSROOT="$sysroot" >"$folder/configure.log"
cmake --build "$folder" --target "${targets[@]}" -j "${LYAP_JOBS:-$(nproc)}"

for test in sdk base linalg cells spectrum; do
  run "$folder/bin/${test}_tests" --no-intro=true
done
run "$folder/bin/lyap" selftest
