#!/bin/bash
# As the official image starts: with no data yet a server on its socket alone, until what lies in initdb.d has been read.
set -euo pipefail
if [[ $(id -u) == 0 ]]; then
  chown -R postgres "$PGDATA"
  chmod 700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --clear-groups "$0" "$@"
fi
if [[ ! -s $PGDATA/PG_VERSION ]]; then
  initdb --username="$POSTGRES_USER" --pwfile=<(echo "$POSTGRES_PASSWORD")
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  pg_ctl -o "-c listen_addresses=''" -w start
  query=(psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --no-psqlrc)
  "${query[@]}" --dbname postgres -c "create database \"$POSTGRES_USER\""
  for file in /docker-entrypoint-initdb.d/*.sql; do "${query[@]}" --dbname "$POSTGRES_USER" -f "$file"; done
  pg_ctl -m fast -w stop
fi
exec "$@"
