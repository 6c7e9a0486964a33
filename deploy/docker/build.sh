#!/usr/bin/env bash
# One image: deploy/docker/build.sh consent [tag]. With Docker, else with buildah. Told by the environment:
#   BASE          another base with Node 24, where docker.io cannot be reached
#   VERSION       the image's tag and label; that of package.json where left out
#   REGISTRY      before the name, with its slash
#   NPM_CA_FILE   certificates that the way to the npm registry needs, of a proxy; stays out of the image
#   NPM_RC_FILE   npm's settings, of a registry of one's own; stays out of the image
set -euo pipefail
cd "$(dirname "$0")/../.."
service=$1
version=${VERSION:-$(sed -n 's/.*"version": "\(.*\)".*/\1/p' package.json)}
tag=${2:-${REGISTRY:-}minaintyg-$service:$version}
# Two builds of one commit are the same to the byte: its time is the time of all.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
export SOURCE_DATE_EPOCH
case $service in
  local) folder=deploy/local ;;
  *) folder=services/$service ;;
esac
[[ -f $folder/package.json ]] || { echo "there is no $folder" >&2; exit 1; }

options=(--file deploy/docker/Dockerfile --tag "$tag"
  --build-arg "SERVICE=$service" --build-arg "FOLDER=$folder" --build-arg "VERSION=$version"
  --build-arg "REVISION=$(git rev-parse HEAD 2>/dev/null || echo unknown)")
if [[ -n ${BASE:-} ]]; then options+=(--build-arg "BASE=$BASE"); fi
if [[ -n ${NPM_CA_FILE:-} ]]; then options+=(--secret "id=ca,src=$NPM_CA_FILE"); fi
if [[ -n ${NPM_RC_FILE:-} ]]; then options+=(--secret "id=npmrc,src=$NPM_RC_FILE"); fi

if docker buildx version &>/dev/null; then
  exec docker buildx build --output type=docker,rewrite-timestamp=true "${options[@]}" .
fi
# Its own format would drop the HEALTHCHECK.
exec buildah build --format docker --isolation "${BUILDAH_ISOLATION:-chroot}" \
  --timestamp "$SOURCE_DATE_EPOCH" "${options[@]}" .
