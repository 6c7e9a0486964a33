#!/usr/bin/env bash
# Runs docker-compose.yml with Docker and Compose, and walks a patient's way through it. As root on Debian, with docker.io and
# mmdebstrap, after `make images`: it takes the images that stand there. Postgres 17, RabbitMQ 4 and Compose come out of another
# Debian, and are not installed. The engine is its own, in namespaces of its own: one that runs here, its images and ports, the
# firewall and the bridges are not touched, and nothing is left. Where no engine can be started that is said aloud, and fails
# nothing; REQUIRE_DOCKER=1 makes it a failure.
set -euo pipefail
cd "$(dirname "$0")/../.."
images=(local gateway identity consent certificate-store rendering dispatch)
version=0.1.0

not_checked() {
  printf '\nNOT CHECKED: docker-compose.yml with Docker: %s\n\n' "$1" >&2
  [[ "${REQUIRE_DOCKER:-}" != 1 ]]
  exit
}

# Ends with the namespace, however it ends.
start_engine() {
  dockerd --storage-driver overlay2 --data-root "$work/data" --exec-root "$work/exec" --pidfile "$work/dockerd.pid" \
    --host "$DOCKER_HOST" --cgroup-parent "/$group" >"$work/dockerd.log" 2>&1 &
  for _ in $(seq 120); do
    docker network create try >/dev/null 2>&1 && return
    kill -0 $! 2>/dev/null || break
    sleep 0.5
  done
  tail -n 5 "$work/dockerd.log" >&2
  return 1
}

# A machine may let an engine run, and no container.
runs_containers() {
  docker import "$work/debian.tar" minaintyg-debian >/dev/null
  rm "$work/debian.tar"
  docker run --rm --network try minaintyg-debian true
}

load_images() {
  local name
  for name in "${images[@]}"; do
    buildah push --quiet "localhost/minaintyg-$name:$version" "docker-archive:$work/image.tar:minaintyg-$name:$version"
    docker load --quiet --input "$work/image.tar" >/dev/null
    rm "$work/image.tar"
  done
  for name in postgres:17 rabbitmq:4; do
    DOCKER_BUILDKIT=0 docker build --quiet --network none --target "${name%:*}" --tag "$name" deploy/docker/stand-ins \
      >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; return 1; }
  done
}

if [[ "${1:-}" == inside ]]; then
  ip link set lo up
  { start_engine && runs_containers; } || exit 77
  load_images
  docker version --format 'Docker {{.Server.Version}}'
  docker compose version
  REQUIRE_COMPOSE=1 npm run --silent jest -- deploy/local/test/compose-up.test.ts
  kill "$(<"$work/dockerd.pid")"
  wait
  exit
fi

for program in dockerd docker ip buildah mmdebstrap; do
  command -v "$program" >/dev/null || not_checked "$program is not here"
done
namespaces=(--mount --net --pid --fork --kill-child --mount-proc)
unshare "${namespaces[@]}" true 2>/dev/null || not_checked 'it takes root, who may have namespaces'
for name in "${images[@]}"; do
  buildah inspect --type image "localhost/minaintyg-$name:$version" >/dev/null 2>&1 ||
    { echo "there is no image of $name: make images comes before" >&2; exit 1; }
done

work=$(mktemp -d)
group=minaintyg-compose-$$
clean_up() {
  find /sys/fs/cgroup -depth -type d -path "*/$group*" -exec rmdir {} + 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap clean_up EXIT
mmdebstrap --quiet --variant=extract --aptopt='Acquire::Check-Valid-Until "false"' \
  --include=postgresql-17,rabbitmq-server,docker-compose,base-files,bash,coreutils,dash,findutils,grep,hostname,libc-bin,procps,sed,util-linux \
  trixie "$work/debian.tar" "${DEBIAN_ARCHIVE:-http://deb.debian.org/debian}" >"$work/mmdebstrap.log" 2>&1 </dev/null ||
  not_checked "Debian's archive does not give what it takes: $(grep -m 3 -E '^(Err|E|  )' "$work/mmdebstrap.log" || true)"
plugin=usr/libexec/docker/cli-plugins/docker-compose
mkdir -p "$work/docker/cli-plugins"
# buildah reads it as well, and wants it to be there.
echo {} >"$work/docker/config.json"
tar --extract --to-stdout --file "$work/debian.tar" "./$plugin" >"$work/docker/cli-plugins/docker-compose"
chmod +x "$work/docker/cli-plugins/docker-compose"
export work group DOCKER_CONFIG=$work/docker DOCKER_HOST=unix://$work/docker.sock
unset DOCKER_CONTEXT COMPOSE_FILE COMPOSE_PROJECT_NAME

code=0
unshare "${namespaces[@]}" "$0" inside || code=$?
[[ $code != 77 ]] || not_checked 'no engine can be started here, or no container in it'
exit $code
