#!/usr/bin/env bash
# Prints the bill of materials (CycloneDX) that an image holds: deploy/docker/sbom.sh minaintyg-consent:0.1.0
set -euo pipefail
image=$1
if docker info &>/dev/null; then
  container=$(docker create "$image")
  trap 'docker rm "$container" >/dev/null' EXIT
  docker cp "$container:/app/sbom.cdx.json" - | tar --extract --to-stdout
else
  container=$(buildah from --pull-never "$image")
  trap 'buildah rm "$container" >/dev/null' EXIT
  cat "$(buildah mount "$container")/app/sbom.cdx.json"
fi
