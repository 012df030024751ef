"""A service of the platform as processes, after the migrations of all."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx

from maillage.embedded.part import Part, PartFailed, Process
from maillage.template import Template

MIGRATION_SECONDS = 300


class ServiceProcess(Part):
    """One process with the named commands of a service, or with all of them."""

    ready_seconds = 60.0

    def __init__(
        self,
        service: str,
        directory: Path,
        environment: Mapping[str, str],
        template: Template,
        commands: Sequence[str] = (),
    ) -> None:
        super().__init__("-".join([service, *commands]), directory)
        self.service = service
        self.commands = tuple(commands)
        self._environment = dict(environment)
        self._template = template

    @property
    def base_url(self) -> str:
        """Of the api of this service, wherever it runs."""
        return f"http://127.0.0.1:{self._environment[f'{self.service.upper()}_HTTP_PORT']}"

    @property
    def answers_http(self) -> bool:
        return not self.commands or "api" in self.commands

    def begin(self, environment: Mapping[str, str]) -> Process:
        return self._template.fork("maillage.host", [self.service, *self.commands], environment, self.log_path)

    def environment(self) -> Mapping[str, str]:
        return self._environment

    def is_ready(self) -> bool:
        if not self.answers_http:
            return self.is_running
        try:
            return httpx.get(f"{self.base_url}/health/ready", timeout=5).is_success
        except httpx.HTTPError:
            return False


def migrate(template: Template, directory: Path, environments: Mapping[str, Mapping[str, str]]) -> None:
    """Brings the database of every service to its newest version; raises PartFailed with the output."""
    surroundings = dict(os.environ)
    for environment in environments.values():
        surroundings |= environment
    log_path = directory / "logs" / "migrations.log"
    log_path.write_bytes(b"")
    done = template.fork("maillage.migrations", list(environments), surroundings, log_path)
    if done.wait(MIGRATION_SECONDS) != 0:
        raise PartFailed(f"the migrations failed:\n{log_path.read_text()}")
