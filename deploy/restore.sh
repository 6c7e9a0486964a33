#!/usr/bin/env bash
# Restores what backup.sh dumped, into empty databases, and grants what the services need: deploy/restore.sh FOLDER
# Needs pg_restore, Node, and <SERVICE>_OWNER_DATABASE_URL for each service with a database.
set -euo pipefail

folder=$(realpath "${1:?usage: deploy/restore.sh FOLDER}")
cd "$(dirname "$0")/.."
services=(IDENTITY CONSENT CERTIFICATE_STORE DISPATCH)

# All is looked at before anything is changed.
for service in "${services[@]}"; do
  name=${service,,}
  url_of="${service}_OWNER_DATABASE_URL"
  pg_restore --list "$folder/$name.dump" >/dev/null
  tables=$(psql "${!url_of:?$url_of is missing}" -XAtc "select count(*) from pg_tables where schemaname = 'public'")
  if [[ $tables != 0 ]]; then
    echo "The database of $name is not empty: it has $tables tables. Restore into a fresh one." >&2
    exit 1
  fi
done

for service in "${services[@]}"; do
  name=${service,,}
  url_of="${service}_OWNER_DATABASE_URL"
  pg_restore --no-owner --no-privileges --single-transaction --exit-on-error \
    --dbname="${!url_of}" "$folder/$name.dump"
  # Brings an older backup to this version's schema, and gives the service's role its rights.
  OWNER_DATABASE_URL=${!url_of} SERVICE_ROLE=${name}_service \
    node --conditions=source --disable-warning=ExperimentalWarning \
    libs/db/src/main.ts "services/${name//_/-}/migrations" | sed "s/^/$name: /"
done
