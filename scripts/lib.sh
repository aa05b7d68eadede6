# shellcheck shell=bash disable=SC2034,SC2154
# What scripts/run and scripts/test have in common. Sourced by bash.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

build_packages=(g++ cmake ninja-build ccache pkg-config libboost1.81-dev libboost-program-options1.81-dev
  libboost-url1.81-dev libcaf-dev libpqxx-dev libsqlitecpp-dev libspdlog-dev nlohmann-json3-dev prometheus-cpp-dev
  libcurl4-openssl-dev libsystemd-dev curl ca-certificates)

say() { printf 'scripts/%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "$*"; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    command -v sudo >/dev/null || die "needs root or sudo to install packages"
    sudo "$@"
  fi
}

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 install -y \
    --no-install-recommends "$@"
}

# Debian starts these servers with their packages, at once and at every boot; only programs are wanted here. One that
# was installed before is its owner's, and left alone.
servers=(nginx haproxy caddy)

# apt_install_quietly SERVER... -- PACKAGE...: installs the packages; the servers among them do not start.
apt_install_quietly() {
  local policy=/usr/sbin/policy-rc.d server names=() code=0
  while [ "$1" != -- ]; do names+=("$1"); shift; done
  shift
  if [ ${#names[@]} -eq 0 ] || [ -e "$policy" ]; then
    policy=
  else
    # shellcheck disable=SC2016
    printf '#!/bin/sh\ncase ${1%%.service} in %s) exit 101 ;; esac\n' "$(IFS='|'; echo "${names[*]}")" |
      as_root install -m 755 /dev/stdin "$policy"
  fi
  apt_install "$@" || code=$?
  [ -z "$policy" ] || as_root rm -f "$policy"
  for server in "${names[@]}"; do
    as_root deb-systemd-helper disable "$server.service" >/dev/null 2>&1 || true
    as_root update-rc.d "$server" disable >/dev/null 2>&1 || true
  done
  return "$code"
}

# Installs those of the packages that are missing. Asks the network only then.
need_packages() {
  local package missing=() new_servers=()
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  for package in "${missing[@]}"; do
    [[ " ${servers[*]} " != *" $package "* ]] || new_servers+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${missing[*]}"
  as_root apt-get -q -o DPkg::Lock::Timeout=600 update
  # Debian starts a server on port 5432 with the package unless it is told not to before; only programs are wanted here.
  if [[ " ${missing[*]} " == *" postgresql-15 "* ]] && ! is_installed postgresql-common; then
    apt_install postgresql-common
    as_root sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
  fi
  apt_install_quietly "${new_servers[@]}" -- "${missing[@]}"
}

# Options of the relay in the caller's environment would change what is built upon them.
forget_relay_environment() {
  local name
  for name in $(compgen -e EVENT_RELAY_ || true); do unset "$name"; done
}

# build PRESET [TARGET...]: configures and builds into build/PRESET.
build() {
  local preset=$1
  shift
  (cd "$root" && cmake --preset "$preset" >"$root/build/configure.log" 2>&1) || {
    cat "$root/build/configure.log" >&2
    die "cmake --preset $preset failed"
  }
  (cd "$root" && cmake --build --preset "$preset" ${1:+--target "$@"})
}
