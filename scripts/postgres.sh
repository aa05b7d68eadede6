# shellcheck shell=bash disable=SC2034,SC2154
# A private PostgreSQL server for scripts/run: no port, one folder of state, never root. Sourced after lib.sh.

postgres_bin=/usr/lib/postgresql/15/bin
postgres_data=
postgres_socket=
postgres_scratch=

# PostgreSQL refuses to run as root, so root's server belongs to the user postgres that Debian's package made.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then
    (cd / && exec setpriv --reuid=postgres --regid=postgres --init-groups env -u PGDATA -u PGHOST -u PGPORT "$@")
  else
    (cd / && exec env -u PGDATA -u PGHOST -u PGPORT "$@")
  fi
}

make_folder() {
  mkdir -p "$1"
  [ "$(id -u)" != 0 ] || chown postgres:postgres "$1"
  chmod 700 "$1"
}

# Prints the folder for state: in the project, unless the server's user cannot get there (say, below /root).
state_folder() {
  if [ "$(id -u)" != 0 ] || as_postgres test -x "$root"; then
    echo "$root/.state"
  else
    say "user postgres cannot reach $root; events are kept in /var/lib/event-relay"
    echo /var/lib/event-relay
  fi
}

# A unix socket's path has room for 107 bytes.
choose_socket_folder() {
  local wanted=$1/socket
  if [ ${#wanted} -le 80 ]; then
    postgres_socket=$wanted
  else
    postgres_scratch=$(mktemp -d /tmp/event-relay.XXXXXX)
    postgres_socket=$postgres_scratch
  fi
  make_folder "$postgres_socket"
}

# Every process of a server has its data folder as working directory, the ones that outlive a killed postmaster too.
postgres_processes() {
  local process
  for process in /proc/[0-9]*; do
    if [ "$(readlink "$process/cwd" 2>/dev/null)" = "$postgres_data" ]; then echo "${process#/proc/}"; fi
  done
}

# A run that was killed leaves its server running, or a postmaster.pid whose number may be somebody else's by now.
end_leftover_server() {
  [ -e "$postgres_data/postmaster.pid" ] || return 0
  if [ -n "$(postgres_processes)" ]; then
    say "stopping the PostgreSQL of an earlier run"
    as_postgres "$postgres_bin/pg_ctl" -D "$postgres_data" -m fast -t 30 stop >/dev/null 2>&1 || true
    local deadline=$((SECONDS + 30))
    while [ -n "$(postgres_processes)" ]; do
      [ $SECONDS -lt $deadline ] || die "processes $(postgres_processes | xargs) still use $postgres_data"
      sleep 0.1
    done
  fi
  rm -f "$postgres_data/postmaster.pid"
}

make_cluster() {
  [ ! -e "$postgres_data/PG_VERSION" ] || return 0
  say "making a PostgreSQL cluster in $postgres_data"
  # Renamed when it is whole: an interrupted initdb must not look like a cluster.
  rm -rf "$postgres_data.new"
  make_folder "$postgres_data.new"
  # Whoever reaches the socket is trusted; its folder lets in nobody but the owner and root.
  as_postgres "$postgres_bin/initdb" -D "$postgres_data.new" -U event_relay --auth=trust --encoding=UTF8 --no-locale \
    --data-checksums >"$postgres_data.initdb.log" 2>&1 || { cat "$postgres_data.initdb.log" >&2; die "initdb failed"; }
  rm -rf "$postgres_data"
  mv "$postgres_data.new" "$postgres_data"
}

# start_postgres FOLDER: a server on FOLDER/postgres; sets postgres_url.
start_postgres() {
  postgres_data=$1/postgres
  choose_socket_folder "$1"
  end_leftover_server
  make_cluster
  as_postgres "$postgres_bin/pg_ctl" -D "$postgres_data" -l "$postgres_data/server.log" -t 60 -w \
    -o "-c listen_addresses='' -c unix_socket_directories='$postgres_socket' -c unix_socket_permissions=0700" \
    start >/dev/null || { tail -n 20 "$postgres_data/server.log" >&2; die "PostgreSQL does not start"; }
  local query="select 1 from pg_database where datname = 'event_relay'"
  if [ "$(as_postgres "$postgres_bin/psql" -h "$postgres_socket" -U event_relay -d postgres -tAXc "$query")" != 1 ]; then
    as_postgres "$postgres_bin/createdb" -h "$postgres_socket" -U event_relay event_relay
  fi
  postgres_url="host='$postgres_socket' user=event_relay dbname=event_relay"
}

stop_postgres() {
  [ -n "$postgres_data" ] || return 0
  if [ -e "$postgres_data/postmaster.pid" ]; then
    as_postgres "$postgres_bin/pg_ctl" -D "$postgres_data" -m fast -t 60 stop >/dev/null || true
  fi
  [ -z "$postgres_scratch" ] || rm -rf "$postgres_scratch"
}
