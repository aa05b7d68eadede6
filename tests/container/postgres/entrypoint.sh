#!/usr/bin/env bash
# An empty volume becomes a cluster, and the scripts of /docker-entrypoint-initdb.d are run while it has its socket alone.
set -euo pipefail
[ "$1" = postgres ] || exec "$@"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --username=postgres --pwfile=<(echo "$POSTGRES_PASSWORD") --auth-local=trust --auth-host=scram-sha-256 --no-sync
  pg_ctl start --wait --options="-c listen_addresses=''"
  for script in /docker-entrypoint-initdb.d/*.sh; do bash "$script"; done
  pg_ctl stop --wait --mode=fast
fi
exec "$@"
