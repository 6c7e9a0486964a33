#!/usr/bin/env bash
# Runs the tests that speak with a broker on RabbitMQ 4, out of another Debian than this one: nothing is installed. As root;
# asks for mmdebstrap. Where it cannot be had that is said aloud, and fails nothing; REQUIRE_RABBITMQ_4=1 makes it a failure.
#   SUITE=forky    a newer one than trixie's 4.0
#   ROOT=folder    keeps what was unpacked, and takes it the next time
#   FILES='a b'    other test files
set -euo pipefail
cd "$(dirname "$0")/../.."

archive=${DEBIAN_ARCHIVE:-http://deb.debian.org/debian}
suite=${SUITE:-trixie}
files=${FILES:-libs/messaging/test/rabbitmq-bus libs/messaging/test/rabbitmq-faults libs/messaging/test/queue-arguments
  libs/messaging/test/dead-letters libs/messaging/test/relay-rabbitmq
  services/dispatch/test/whole-way-rabbitmq services/dispatch/test/recipient-queues
  deploy/local/test/broker-permissions deploy/local/test/recipients-guide deploy/local/test/dispatch-faults-broker}

work=$(mktemp -d)
root=${ROOT:-$work/root}
started=
remove() {
  [[ -z "$started" ]] || "$work/bin/rabbitmqctl" -q stop "$RABBITMQ_PID_FILE" >/dev/null 2>&1 || true
  [[ -z "$started" ]] || "$work/bin/epmd" -port "$ERL_EPMD_PORT" -kill >/dev/null 2>&1 || true
  rm -rf --one-file-system "$work"
}
trap remove EXIT

not_checked() {
  printf '\nNOT CHECKED: RabbitMQ 4 of Debian %s: %s\n\n' "$suite" "$1" >&2
  [[ "${REQUIRE_RABBITMQ_4:-}" != 1 ]]
  exit
}

free_port() {
  node -e 'require("node:net").createServer().listen(0, "127.0.0.1", function () { console.log(this.address().port); this.close() })'
}

# What looks like the folder of RabbitMQ's programs: each runs in the other Debian, with our files, processes and network.
write_programs() {
  mkdir "$work/bin"
  cat >"$work/bin/rabbitmq-server" <<END
#!/bin/sh
exec unshare --mount --propagation private sh -c '
  root=\$1 program=\$2; shift 2
  for folder in /proc /dev ${TMPDIR:-/tmp}; do mkdir -p "\$root\$folder"; mount --rbind "\$folder" "\$root\$folder"; done
  exec chroot "\$root" env PATH=/usr/lib/rabbitmq/bin:/usr/sbin:/usr/bin:/sbin:/bin "\$program" "\$@"
' sh '$root' "\$(basename "\$0")" "\$@"
END
  chmod +x "$work/bin/rabbitmq-server"
  ln -s rabbitmq-server "$work/bin/rabbitmqctl"
  ln -s rabbitmq-server "$work/bin/epmd"
}

# For the tests that share one; the others start their own.
start_broker() {
  local port
  port=$(free_port)
  ERL_EPMD_PORT=$(free_port) RABBITMQ_DIST_PORT=$(free_port)
  export ERL_EPMD_PORT RABBITMQ_DIST_PORT ERL_EPMD_ADDRESS=127.0.0.1 HOME=$work
  export RABBITMQ_NODENAME=try@localhost RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_CONFIG_FILE=$work/rabbitmq.conf
  export RABBITMQ_MNESIA_BASE=$work/data RABBITMQ_LOG_BASE=$work/log RABBITMQ_PID_FILE=$work/pid
  export RABBITMQ_ENABLED_PLUGINS_FILE=$work/enabled_plugins
  export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}'
  mkdir "$work/log"
  echo '[].' >"$work/enabled_plugins"
  printf 'listeners.tcp.default = 127.0.0.1:%s\ndisk_free_limit.absolute = 50MB\n' "$port" >"$work/rabbitmq.conf"
  started=yes
  "$work/bin/rabbitmq-server" -detached
  "$work/bin/rabbitmqctl" -q wait "$RABBITMQ_PID_FILE" --timeout 120
  broker=amqp://guest:guest@127.0.0.1:$port
}

command -v mmdebstrap >/dev/null || not_checked 'mmdebstrap is not here'
unshare --mount true 2>/dev/null || not_checked 'it takes root, who may mount'
if [[ ! -x "$root/usr/lib/rabbitmq/bin/rabbitmq-server" ]]; then
  # A suite that moves may be older than its mirror says that it should be; it is signed all the same.
  mmdebstrap --quiet --variant=apt --aptopt='Acquire::Check-Valid-Until "false"' --include=rabbitmq-server \
    "$suite" "$root" "$archive" >"$work/mmdebstrap.log" 2>&1 </dev/null ||
    not_checked "$archive does not give it: $(grep -m 3 -E '^(Err|E|  )' "$work/mmdebstrap.log" || true)"
fi
# Without it no node finds its own name.
grep -qs localhost "$root/etc/hosts" || echo '127.0.0.1 localhost' >>"$root/etc/hosts"
write_programs
version=$("$work/bin/rabbitmqctl" -q version)
[[ "$version" == 4.* ]] || not_checked "it has $version"
home=$HOME
start_broker
echo "RabbitMQ $version out of Debian $suite"
# shellcheck disable=SC2086
(
  while read -r name; do unset "$name"; done < <(compgen -e | grep -E '^(RABBITMQ|ERL)_')
  HOME=$home PATH=$work/bin:$PATH RABBITMQ_BIN=$work/bin AMQP_URL=$broker REQUIRE_RABBITMQ=1 \
    npm run --silent jest -- $files
)
