"""What every service is told from outside, read from environment variables `<SERVICE>_<NAME>`."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings

from common.broker_access import BrokerAccess, SaslMechanism, SecurityProtocol


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
    kafka_security_protocol: SecurityProtocol = "PLAINTEXT"
    kafka_sasl_mechanism: SaslMechanism = "SCRAM-SHA-512"
    kafka_username: str = ""
    kafka_password: str = Field(default="", repr=False)
    kafka_password_file: str = ""
    kafka_ca_file: str = ""
    kafka_certificate_file: str = ""
    kafka_key_file: str = ""
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
    trusted_proxies: str = "127.0.0.1,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7"
    """Who may say for which client and scheme it asks (X-Forwarded-For, X-Forwarded-Proto): addresses and networks."""

    body_size_bytes_max: int = 262_144
    requests_per_minute_max: int = 1_200

    log_level: str = "INFO"

    @property
    def broker_access(self) -> BrokerAccess:
        """How the brokers are reached."""
        return BrokerAccess(
            bootstrap_servers=self.kafka_bootstrap_servers,
            security_protocol=self.kafka_security_protocol,
            sasl_mechanism=self.kafka_sasl_mechanism,
            username=self.kafka_username,
            password=self.kafka_password,
            password_file=self.kafka_password_file,
            ca_file=self.kafka_ca_file,
            certificate_file=self.kafka_certificate_file,
            key_file=self.kafka_key_file,
        )

    @model_validator(mode="after")
    def _broker_access_is_whole(self) -> Self:
        self.broker_access.check()
        return self
