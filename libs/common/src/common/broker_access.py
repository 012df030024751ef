"""How a process reaches Kafka: at which addresses, over which encryption, as whom."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

SecurityProtocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
SaslMechanism = Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"]


@dataclass(frozen=True)
class BrokerAccess:
    """What brokers ask for. Without `ca_file` the authorities of the machine are trusted; with it, those in it only."""

    bootstrap_servers: str
    security_protocol: SecurityProtocol = "PLAINTEXT"
    sasl_mechanism: SaslMechanism = "SCRAM-SHA-512"
    username: str = ""
    password: str = field(default="", repr=False)
    password_file: str = ""
    ca_file: str = ""
    certificate_file: str = ""
    key_file: str = ""

    @property
    def servers(self) -> list[str]:
        """aiokafka wants a list; a comma-joined text is one wrong name to it."""
        return [server.strip() for server in self.bootstrap_servers.split(",")]

    @property
    def is_encrypted(self) -> bool:
        """Whether nobody on the way can read along."""
        return self.security_protocol in ("SSL", "SASL_SSL")

    @property
    def is_signed_in(self) -> bool:
        """Whether an account with a password is used."""
        return self.security_protocol.startswith("SASL_")

    def check(self) -> None:
        """Raises ValueError with what is missing."""
        if self.is_signed_in and not (self.username and (self.password or self.password_file)):
            raise ValueError(f"{self.security_protocol} needs KAFKA_USERNAME, and KAFKA_PASSWORD or its file")
        if bool(self.certificate_file) != bool(self.key_file):
            raise ValueError("KAFKA_CERTIFICATE_FILE and KAFKA_KEY_FILE belong together")

    def client_options(self) -> dict[str, Any]:
        """The arguments of every aiokafka client, with files as they are now. Raises OSError for unusable ones."""
        options: dict[str, Any] = {"bootstrap_servers": self.servers, "security_protocol": self.security_protocol}
        if self.is_encrypted:
            options["ssl_context"] = self._encryption()
        if self.is_signed_in:
            options["sasl_mechanism"] = self.sasl_mechanism
            options["sasl_plain_username"] = self.username
            options["sasl_plain_password"] = self._current_password()
        return options

    def _encryption(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.ca_file or None)
        if self.certificate_file:
            context.load_cert_chain(self.certificate_file, self.key_file)
        return context

    def _current_password(self) -> str:
        return Path(self.password_file).read_text().strip() if self.password_file else self.password
