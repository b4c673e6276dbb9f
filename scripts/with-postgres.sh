#!/usr/bin/env bash
# scripts/with-postgres.sh [--durable] COMMAND...
#
# Runs a command beside a PostgreSQL of its own, and removes that when the
# command ends. The command finds it by CRIER_TEST_POSTGRES, psql by itself.
# It forgets on a power cut, to be quick; --durable makes it keep what it is
# told, as for a benchmark.
set -euo pipefail

durable=off
if [ "${1:-}" = --durable ]; then
  durable=on
  shift
fi
if [ $# = 0 ]; then
  sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi

bin=$("$(dirname "$0")/postgres-bin.sh")
home=$(mktemp -d "${TMPDIR:-/tmp}/crier-postgres.XXXXXX")

server() { # a server's program, in a folder its owner may read; PostgreSQL refuses to run as root
  if [ "$(id -u)" = 0 ]; then
    (cd "$home" && runuser -u postgres -- "$bin/$1" "${@:2}")
  else
    (cd "$home" && "$bin/$1" "${@:2}")
  fi
}

stop() {
  trap '' INT TERM
  if [ -f "$home/data/postmaster.pid" ]; then
    server pg_ctl stop -D "$home/data" -m immediate -s || true
  fi
  rm -rf "$home"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

create() {
  (umask 077 && printf '%s\n' "$PGPASSWORD" >"$home/password")
  if [ "$(id -u)" = 0 ]; then chown -R postgres "$home"; fi
  server initdb -D "$home/data" -U "$PGUSER" --pwfile="$home/password" --auth=scram-sha-256 \
    --encoding=UTF8 --locale=C --no-sync >/dev/null
}

start() { # on a port that nobody has; sets PGPORT
  local settings
  settings="-k $home -c listen_addresses=127.0.0.1 -c max_connections=300"
  settings+=" -c fsync=$durable -c synchronous_commit=$durable -c full_page_writes=$durable"
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    PGPORT=$((20000 + RANDOM % 12000))
    if server pg_ctl start -D "$home/data" -l "$home/log" -s -o "-p $PGPORT $settings" 2>/dev/null; then return; fi
  done
  echo "PostgreSQL does not start:" >&2
  cat "$home/log" >&2
  exit 1
}

PGUSER=crier
PGPASSWORD=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
create
start
export PGHOST=127.0.0.1 PGPORT PGUSER PGPASSWORD PGDATABASE=crier
"$bin/createdb" "$PGDATABASE"
export CRIER_TEST_POSTGRES="postgres://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/$PGDATABASE?sslmode=disable"
"$@"
