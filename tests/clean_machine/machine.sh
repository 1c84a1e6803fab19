# tests/clean_machine/machine.sh - makes a new Debian 12 and runs shell lines in it; sourced.
# Needs root, debootstrap, and a Debian 12 host, whose package sources and apt settings it takes over.

fail() {
  echo "clean_machine: $*" >&2
  exit 1
}

# The first mirror of the host's Debian sources, in either form that apt reads.
mirror() {
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.{sources,list} 2>/dev/null |
    sed -nE 's/^URIs:[[:space:]]*([^[:space:]]+).*/\1/p; s/^deb[[:space:]]+(\[[^]]*\][[:space:]]+)?([^[:space:]]+)[[:space:]]+bookworm.*/\2/p' |
    head -n 1
}

# The host's way to its packages: sources, credentials, proxies, name servers.
take_over_apt() {
  local file
  rm -f "$machine/etc/apt/sources.list"
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.{sources,list}; do
    ! grep -qs bookworm "$file" || cp "$file" "$machine$file"
  done
  for file in /etc/apt/apt.conf /etc/apt/apt.conf.d/*; do
    ! grep -qs Acquire "$file" || cp "$file" "$machine$file"
  done
  cp -r /etc/apt/auth.conf.d "$machine/etc/apt/" 2>/dev/null || true
  cp /etc/resolv.conf /etc/hosts "$machine/etc/"
}

# make_machine FOLDER [PACKAGES] - a minimal system in FOLDER, which must be empty; removed at exit.
make_machine() {
  local said
  ((EUID == 0)) || fail "making a system needs root; run it with sudo"
  command -v debootstrap >/dev/null || fail "debootstrap is missing; apt-get install debootstrap"
  [[ -n $(mirror) ]] || fail "no Debian mirror in /etc/apt; this host is no Debian 12"
  machine=$1
  [[ ! -e $machine || -z $(ls -A "$machine") ]] || fail "'$machine' is not empty; name a new folder"
  trap 'rm -rf --one-file-system "$machine"' EXIT
  said=$(debootstrap --variant=minbase ${2:+--include="$2"} bookworm "$machine" "$(mirror)" 2>&1) ||
    fail "debootstrap could not make a system in '$machine': $(tail -n 3 <<<"$said")"
  take_over_apt
}

# inside COMMAND - runs a shell line in the new system, in root's home, without our environment.
# Its mounts and processes end with it: they live in name spaces of their own.
inside() {
  unshare --mount --pid --fork bash -euc '
    mount -t proc proc "$1/proc"
    mount -t sysfs -o ro sysfs "$1/sys"
    mkdir -p "$1/dev/shm"
    mount -t tmpfs tmpfs "$1/dev/shm"
    exec chroot "$1" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
      HOME=/root LANG=C.UTF-8 ${http_proxy:+http_proxy="$http_proxy"} \
      ${https_proxy:+https_proxy="$https_proxy"} bash -c "cd && $2"' inside "$machine" "$1" </dev/null
}

# run_each DIR COMMAND... - runs each there until one fails, says how long each took; its status.
run_each() {
  local folder=$1 command start status=0 times=()
  shift
  for command in "$@"; do
    echo "=== $command"
    start=$SECONDS status=0
    inside "cd $folder && $command" || status=$?
    times+=("$command: status $status after $((SECONDS - start)) s")
    ((status == 0)) || break
  done
  printf '=== %s\n' "${times[@]}"
  return "$status"
}
