#!/bin/bash
# Writes KAFKA_* variables as properties, formats the storage at the first start, then becomes the broker.
set -euo pipefail
settings=/tmp/server.properties
env | sed -n 's/^KAFKA_\([A-Z_]*\)=\(.*\)$/\1 \2/p' | grep -v '^HEAP_OPTS ' \
  | while read -r name value; do echo "$(tr 'A-Z_' 'a-z.' <<< "$name")=$value"; done > "$settings"
java() { /usr/local/java/bin/java ${KAFKA_HEAP_OPTS:-} -XX:+UseSerialGC -cp '/usr/local/kafka/*' "$@"; }
if [ ! -f "$KAFKA_LOG_DIRS/meta.properties" ]; then
  java kafka.tools.StorageTool format --cluster-id=bWFpbGxhZ2UtY29tcG9zZQ --config "$settings"
fi
exec /usr/local/java/bin/java ${KAFKA_HEAP_OPTS:-} -XX:+UseSerialGC -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
  -cp '/usr/local/kafka/*' kafka.Kafka "$settings"
