#!/usr/bin/env bash
# Whether docker-compose.yml can be run here: an engine that answers, and a Compose that reads the file. Else what to do.
set -euo pipefail
oldest=2.24.0

refuse() {
  printf '%s\nmake up needs Docker with Compose %s or later: https://docs.docker.com/engine/install/\n' "$1" "$oldest" >&2
  echo 'Without Docker, make demo starts the same system.' >&2
  exit 1
}

command -v docker >/dev/null || refuse 'There is no docker here.'
version=$(docker compose version --short 2>/dev/null) || refuse 'docker is here, and its plugin compose is not.'
version=${version#v}
first=$(printf '%s\n' "$oldest" "$version" | sort -V | head -n 1)
[[ "$first" == "$oldest" ]] || refuse "Compose $version is here, which cannot read docker-compose.yml."
fault=$(docker version 2>&1 >/dev/null) || refuse "Docker is here, and its engine does not answer: $fault"
