#!/usr/bin/env bash
# Dumps the database of every service into a folder, a file each: deploy/backup.sh FOLDER
# Needs pg_dump of the server's major version, and <SERVICE>_OWNER_DATABASE_URL for each service with a database.
set -euo pipefail

folder=${1:?usage: deploy/backup.sh FOLDER}
umask 077
mkdir -p "$folder"

for service in IDENTITY CONSENT CERTIFICATE_STORE DISPATCH; do
  name=${service,,}
  url_of="${service}_OWNER_DATABASE_URL"
  # The name of a dump that is whole: one that was broken off keeps the other.
  pg_dump --format=custom --no-owner --no-privileges --file="$folder/$name.part" "${!url_of:?$url_of is missing}"
  mv "$folder/$name.part" "$folder/$name.dump"
  echo "$name: $(du -h "$folder/$name.dump" | cut -f1)"
done
