#!/usr/bin/env bash
# Makes maillage/base:local and maillage/build:local from Debian packages, for machines that reach no image registry.
# They trust the certificate authorities of this machine and are meant for this machine only.
set -euo pipefail

base=maillage/base:local
build=maillage/build:local
# Whose packages: this machine's own list of sources, unless another one is named.
sources=${DEBIAN_SOURCES:-}
for candidate in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do
  if [ -z "$sources" ] && [ -s "$candidate" ]; then sources=$candidate; fi
done

if docker image inspect "$base" "$build" > /dev/null 2>&1 && [ -z "${AGAIN:-}" ]; then
  echo "$base and $build are there already; AGAIN=1 makes them anew"
  exit 0
fi
for needed in mmdebstrap docker; do
  command -v "$needed" > /dev/null || { echo "this needs $needed: apt-get install mmdebstrap docker.io" >&2; exit 1; }
done

authorities=/usr/local/share/ca-certificates
mmdebstrap --quiet --variant=apt --include=usr-is-merged,python3,ca-certificates,tzdata \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
  --customize-hook='chroot "$1" apt-get purge -qq -y --auto-remove usrmerge perl "libperl5*" "perl-modules*" > /dev/null' \
  --customize-hook="cp $authorities/*.crt \"\$1$authorities/\" 2>/dev/null || true" \
  --customize-hook='chroot "$1" update-ca-certificates' \
  bookworm - "$sources" | docker import - "$base" > /dev/null
docker build --quiet --network host --tag "$build" - > /dev/null << DOCKERFILE
FROM $base
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-pip > /dev/null && rm -rf /var/lib/apt/lists/*
DOCKERFILE
docker image ls --format '{{.Repository}}:{{.Tag}} {{.Size}}' | grep -E '^maillage/(base|build):local '
