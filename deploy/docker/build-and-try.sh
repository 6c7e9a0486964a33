#!/usr/bin/env bash
# Builds every image without a container engine and without docker.io, one of them twice, and walks a patient's way through
# the containers of docker-compose.yml. As root; asks for buildah and mmdebstrap (apt-get install), and RabbitMQ's binaries.
set -euo pipefail
cd "$(dirname "$0")/../.."
export BASE=localhost/minaintyg-base VERSION=0.1.0
# One time for all, also where a commit comes in between.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 0)
export SOURCE_DATE_EPOCH
# A proxy's certificates and npm's settings, where this machine has them.
export NPM_CA_FILE=${NPM_CA_FILE:-${NODE_EXTRA_CA_CERTS:-}}
if [[ -f ~/.npmrc ]]; then export NPM_RC_FILE=${NPM_RC_FILE:-$HOME/.npmrc}; fi

logs=$(mktemp -d)
build() {
  local name=$1
  shift
  if ! deploy/docker/build.sh "$@" >"$logs/$name" 2>&1; then
    tail -n 40 "$logs/$name" >&2
    echo "the image of $name could not be built" >&2
    return 255
  fi
}
export -f build
export logs

deploy/docker/stand-in-base.sh "$BASE"
# Two at a time: each waits for the registry as long as it works.
printf '%s\n' local gateway identity consent certificate-store rendering dispatch |
  xargs -P 2 -I{} bash -c 'build {} {}'
build again consent minaintyg-consent:again
rm -r "$logs"
REQUIRE_IMAGES=1 npm run --silent jest -- deploy/local/test/images.test.ts
# What earlier runs left without a name.
buildah rmi --prune >/dev/null || true
