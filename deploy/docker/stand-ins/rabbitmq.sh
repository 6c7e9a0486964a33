#!/bin/bash
# As the official image starts: as root only until the data is the broker's.
set -euo pipefail
if [[ $(id -u) == 0 ]]; then
  chown -R rabbitmq /var/lib/rabbitmq
  exec setpriv --reuid=rabbitmq --regid=rabbitmq --clear-groups "$0" "$@"
fi
exec "$@"
