#!/usr/bin/env bash
# Sets up what the tests need beside Go, Node.js, make and git: a C compiler
# (for the race detector), PostgreSQL's server and Chromium.
# As root on Debian or Ubuntu it installs them; elsewhere it says what to install.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

any() { # any COMMAND...: is one of them there?
  local name
  for name in "$@"; do
    if command -v "$name" >/dev/null 2>&1; then return 0; fi
  done
  return 1
}

check_tools() {
  any go || fail "Go is missing: https://go.dev/dl/"
  any npm || fail "Node.js with npm is missing: https://nodejs.org/"
}

missing_packages() { # as Debian names them
  any cc gcc clang || echo gcc libc6-dev
  scripts/postgres-bin.sh >/dev/null 2>&1 || echo postgresql
  any chromium chromium-browser google-chrome google-chrome-stable headless-shell || echo chromium
}

install_packages() {
  local packages
  packages=$(missing_packages | xargs)
  if [ -z "$packages" ]; then return; fi
  any apt-get || fail "please install $packages, by these or similar names, and try again"
  [ "$(id -u)" = 0 ] || fail "please run this and try again: sudo apt-get install $packages"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # The words are package names, one each.
  # shellcheck disable=SC2086
  apt-get install -y -qq --no-install-recommends $packages
}

check_tools
install_packages
