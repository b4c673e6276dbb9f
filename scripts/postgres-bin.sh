#!/usr/bin/env bash
# Prints the folder with PostgreSQL's server programs (initdb, pg_ctl), the
# newest where there are several. Debian keeps them outside PATH.
set -euo pipefail

for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin | sort -rV) \
    "$(dirname "$(command -v initdb || echo /none/initdb)")"; do
  if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then
    echo "$folder"
    exit 0
  fi
done
echo "PostgreSQL's server is not installed. Run scripts/setup.sh" >&2
exit 1
