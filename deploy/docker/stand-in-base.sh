#!/usr/bin/env bash
# A base with Node 24 where docker.io cannot be reached: Debian's libraries and a shell, the Node that runs `make`, its npm.
# For builds that check, as in .ci/run; as root. usage: deploy/docker/stand-in-base.sh localhost/minaintyg-base
set -euo pipefail
name=$1
node=$(node -p process.execPath)
[[ $(node -p 'process.versions.node.split(".")[0]') == 24 ]] || { echo 'Node 24 is needed first on PATH' >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mmdebstrap --quiet --variant=extract bookworm "$folder/base.tar" \
  --include=base-files,libc6,libstdc++6,libgcc-s1,libgmp10,libselinux1,libpcre2-8-0,libacl1,libattr1,dash,coreutils

container=$(buildah from scratch)
buildah add --quiet "$container" "$folder/base.tar" / >/dev/null
buildah copy --quiet "$container" "$node" /usr/local/bin/node >/dev/null
buildah copy --quiet "$container" "$(dirname "$(readlink -f "$(command -v npm)")")/.." /usr/local/lib/node_modules/npm >/dev/null
root=$(buildah mount "$container")
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
# Docker's builder takes the home folder out of it, where npm's settings are.
echo root:x:0:0::/root:/bin/sh >"$root/etc/passwd"
buildah umount "$container" >/dev/null
buildah config --env PATH=/usr/local/bin:/usr/bin:/bin "$container"
buildah commit --quiet --rm "$container" "$name" >/dev/null
