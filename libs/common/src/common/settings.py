"""What every service is told from outside, read from environment variables `<SERVICE>_<NAME>`."""

from __future__ import annotations

from pydantic_settings import BaseSettings


class ServiceSettings(BaseSettings):
    """The settings that all services share; each service names its own prefix in `model_config`."""

    owner_database_url: str = ""
    api_database_url: str = ""
    worker_database_url: str = ""
    relay_database_url: str = ""
    auditor_database_url: str = ""
    backup_database_url: str = ""
    database_connections_max: int = 10

    kafka_bootstrap_servers: str = "127.0.0.1:9092"
    kafka_idempotence_enabled: bool = True
    kafka_session_timeout_ms: int = 10_000
    kafka_topic_partitions: int = 8
    kafka_topic_replicas: int = 1
    broker_is_volatile: bool = False

    token_issuer: str = ""
    token_audience: str = ""
    token_keys_url: str = ""

    http_host: str = "127.0.0.1"
    http_port: int = 8000
    body_size_bytes_max: int = 262_144
    requests_per_minute_max: int = 1_200

    log_level: str = "INFO"
