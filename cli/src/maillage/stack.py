"""The embedded stack: boots every part in order, hands out addresses and processes, stops all of it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from maillage.embedded.databases import database_urls, load_passwords, prepare_databases
from maillage.embedded.identity import IdentityProvider
from maillage.embedded.kafka import ApacheKafka, Broker, MeshBroker
from maillage.embedded.mail import MailCapture
from maillage.embedded.orphans import end_orphans
from maillage.embedded.part import Part
from maillage.embedded.ports import free_ports, keep_ports
from maillage.embedded.postgres import PostgreSQL
from maillage.loop_commands import LOOP_COMMANDS
from maillage.places import ERASURES_JOURNAL
from maillage.running import RunningStack
from maillage.service_environment import (
    KafkaAddress,
    SharedSettings,
    access_of_environment,
    portal_environment,
    service_environment,
)
from maillage.service_process import ServiceProcess, migrate
from maillage.stack_lock import hold_directory
from maillage.stack_options import DEFAULT_PORTS, PORTAL, BrokerKind, StackOptions
from maillage.template import Template

IMMOVABLE = {"identity": "every membership is bound to its address"}

Step = Callable[[str], AbstractContextManager[Any]]
Say = Callable[[str], None]


def _silent_step(_text: str) -> AbstractContextManager[None]:
    return nullcontext()


def _silent(_text: str) -> None:
    return None


class Stack:
    """Call `boot` first, under `hold_directory`; parts that somebody else runs are None."""

    def __init__(self, options: StackOptions, step: Step = _silent_step, say: Say = _silent) -> None:
        self.options = options
        self.directory = options.directory
        self.directory.mkdir(parents=True, exist_ok=True)
        end_orphans(self.directory / "run")
        self._step = step
        self.ports = self._choose_ports(say)
        self.postgres = None if options.external_database_url else self._postgres()
        self.broker = None if options.external_kafka else self._broker()
        self.identity = None if options.external_issuer else self._identity()
        self.mail = MailCapture(self.directory, self.ports["smtp"], self.ports["mail"])
        self.template = Template()
        self.services: dict[str, ServiceProcess] = {}
        self.environments: dict[str, dict[str, str]] = {}

    @property
    def parts(self) -> dict[str, Part]:
        """Every child process by name; in a split stack a service has one for each command, `finance-relay`."""
        embedded = (self.postgres, self.broker, self.identity, self.mail)
        return {part.name: part for part in embedded if part is not None} | dict(self.services)

    @property
    def base_urls(self) -> dict[str, str]:
        """HTTP address of each service's api."""
        return {service: f"http://127.0.0.1:{self.ports[service]}" for service in self.options.services}

    @property
    def portal_urls(self) -> tuple[str, ...]:
        """The addresses under which browsers reach the portal; none when it does not run."""
        port = self.ports[PORTAL]
        return (f"http://127.0.0.1:{port}", f"http://localhost:{port}") if self.options.portal else ()

    @property
    def issuer(self) -> str:
        return self.options.external_issuer or f"http://127.0.0.1:{self.ports['identity']}"

    @property
    def bootstrap_servers(self) -> str:
        return self.options.external_kafka or f"127.0.0.1:{self.ports['kafka']}"

    @property
    def superuser_url(self) -> str:
        """For databases and invariants that no role may see; never given to a service."""
        if self.postgres is not None:
            return self.postgres.url
        return str(self.options.external_database_url)

    def boot(self) -> None:
        """Returns when every api answers that it is ready; raises PartFailed."""
        self.template.launch()
        embedded = list(self.parts.values())
        for part in embedded:
            part.launch()
        # The others become ready while the database is prepared.
        if self.postgres is not None:
            self._wait_for(self.postgres)
        self._prepare_services()
        for part in embedded:
            if part is not self.postgres:
                self._wait_for(part)
        self.start_services()
        self.describe().save(self.directory)

    def describe(self) -> RunningStack:
        """What other processes may want to know of this stack."""
        return RunningStack(
            base_urls=self.base_urls,
            issuer=self.issuer,
            mail_page_url=self.mail.page_url,
            bootstrap_servers=self.bootstrap_servers,
            superuser_url=self.superuser_url,
            environments=self.environments,
        )

    def start_services(self) -> None:
        for process in self.services.values():
            process.launch()
        for process in self.services.values():
            self._wait_for(process)

    def stop_services(self) -> None:
        _stop_together(list(self.services.values()))

    def stop(self) -> None:
        """Services first, so that nothing is in flight when broker and database go; the database last."""
        self.stop_services()
        _stop_together([part for part in (self.identity, self.mail) if part is not None])
        for part in (self.broker, self.postgres):
            if part is not None:
                part.stop()
        self.template.close()

    def _wait_for(self, part: Part) -> None:
        with self._step(f"{part.name} is ready"):
            part.wait_until_ready()

    def _prepare_services(self) -> None:
        passwords = load_passwords(self.directory / "database-passwords.json", self.options.services)
        with self._step("databases and roles are prepared"):
            asyncio.run(prepare_databases(self.superuser_url, self.options.services, passwords))
        shared = self._shared_settings()
        for service in self.options.services:
            urls = database_urls(self.superuser_url, service, passwords)
            self.environments[service] = service_environment(service, shared, urls, self.ports[service])
        with self._step("migrations are done"):
            migrate(self.template, self.directory, self.environments)
        self.services = {process.name: process for process in self._processes()}

    def _processes(self) -> Iterator[ServiceProcess]:
        for service, environment in self.environments.items():
            for commands in [(name,) for name in LOOP_COMMANDS] if self.options.split else [()]:
                yield ServiceProcess(service, self.directory, environment, self.template, commands)
        if self.options.portal:
            environment = portal_environment(
                self._shared_settings(), self.portal_urls, self.base_urls, self.ports[PORTAL]
            )
            yield ServiceProcess(PORTAL, self.directory, environment, self.template)

    def _shared_settings(self) -> SharedSettings:
        is_mesh = self.options.external_kafka is None and self.options.broker == "mesh"
        return SharedSettings(
            kafka=KafkaAddress(
                bootstrap_servers=self.bootstrap_servers,
                is_volatile=is_mesh,
                has_idempotent_producers=not is_mesh,
                session_timeout_ms=self.options.session_timeout_ms,
                access=access_of_environment() if self.options.external_kafka else {},
            ),
            token_issuer=self.issuer,
            token_audience=self.options.token_audience,
            smtp_port=self.ports["smtp"],
            public_url=next(iter(self.portal_urls), ""),
            erasures_journal_path=str(self.directory / ERASURES_JOURNAL),
            log_level=self.options.log_level,
        )

    def _choose_ports(self, say: Say) -> dict[str, int]:
        if self.options.keeps_ports:
            ours = dict(DEFAULT_PORTS)
            if self.options.external_issuer:
                del ours["identity"]
            return keep_ports(self.directory / "stack.json", ours, say, IMMOVABLE)
        names = {*DEFAULT_PORTS, *self.options.services}
        return dict(zip(names, free_ports(len(names)), strict=True))

    def _postgres(self) -> PostgreSQL:
        return PostgreSQL(self.directory, self.ports["postgres"], durable=self.options.durable)

    def _broker(self) -> Broker:
        if self.options.broker == "mesh":
            return MeshBroker(self.directory, self.ports["kafka"])
        return ApacheKafka(self.directory, self.ports["kafka"], settings=self.options.kafka_settings)

    def _identity(self) -> IdentityProvider:
        options = self.options
        redirect_uris = [f"{url}/signed-in" for url in self.portal_urls]
        return IdentityProvider(self.directory, self.ports["identity"], options.people, redirect_uris)


def _stop_together(parts: list[Any]) -> None:
    for part in parts:
        part.request_stop()
    for part in parts:
        part.stop()


@contextmanager
def running_stack(
    directory: Path, broker: BrokerKind = "mesh", *, step: Step = _silent_step, **options: Any
) -> Iterator[Stack]:
    """A booted stack on free ports, for tests, faults and benchmarks; `options` are those of StackOptions."""
    chosen = replace(StackOptions(directory, broker), **{"keeps_ports": False, "portal": False, **options})
    with hold_directory(directory):
        stack = Stack(chosen, step)
        try:
            stack.boot()
            yield stack
        finally:
            stack.stop()
