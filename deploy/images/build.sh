#!/usr/bin/env bash
# Builds the images named as arguments, or all of them: maillage/<name>:<version>.
# BASE_IMAGE (and BUILD_IMAGE) replace the public base; where that cannot be had, a local one is made from Debian packages.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=${VERSION:-$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml | head -1)}
revision=$(git rev-parse --short HEAD 2> /dev/null || echo unknown)
prefix=${IMAGE_PREFIX:-maillage}
base=${BASE_IMAGE:-python:3.11-slim-bookworm}
build=${BUILD_IMAGE:-$base}
services="activities staffing finance partners notifications"
tools_members="libs/common libs/access libs/contracts $(printf 'services/%s ' $services)cli"

docker info > /dev/null 2>&1 || { echo "No container engine answers: images are built where one does." >&2; exit 1; }

if ! docker image inspect "$base" > /dev/null 2>&1 && ! docker pull --quiet "$base" > /dev/null 2>&1; then
  echo "$base cannot be had here: a local base is made from Debian packages"
  deploy/images/make-base-images.sh
  base=maillage/base:local build=maillage/build:local
fi

arguments=(--network host --build-arg "BASE_IMAGE=$base" --build-arg "BUILD_IMAGE=$build"
  --build-arg "VERSION=$version" --build-arg "REVISION=$revision")
for setting in PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST; do
  if [ -n "${!setting:-}" ]; then arguments+=(--build-arg "$setting"); fi
done

for name in ${*:-$services portal tools}; do
  members=()
  if [ "$name" = tools ]; then members=(--build-arg "MEMBERS=$tools_members"); fi
  docker build --quiet --file deploy/images/Dockerfile --tag "$prefix/$name:$version" \
    --build-arg "NAME=$name" "${members[@]}" "${arguments[@]}" . > /dev/null
  docker image ls --format '{{.Repository}}:{{.Tag}} {{.Size}}' "$prefix/$name:$version"
done
