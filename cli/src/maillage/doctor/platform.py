"""The platform that is examined: the settings of its services and the topics as they are declared."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from pydantic import ValidationError

from common.settings import ServiceSettings
from maillage.declared_topics import DeclaredTopic, read_topics
from maillage.running import find_running_stack
from maillage.stack_options import SERVICES

PURPOSES = ("owner", "api", "worker", "relay", "auditor")


@dataclass(frozen=True)
class Platform:
    """`unreadable` says by service why its settings cannot be used."""

    settings: Mapping[str, ServiceSettings]
    unreadable: Mapping[str, str]
    topics: Mapping[str, DeclaredTopic]


def find_platform(directory: Path, topics_file: Path | None = None) -> Platform:
    """The services that the environment describes, as in a container; else the stack that runs from the directory.

    Raises NotRunning when there is neither.
    """
    described = [name for name in SERVICES if f"{name.upper()}_AUDITOR_DATABASE_URL" in os.environ]
    if described:
        return platform_of(dict.fromkeys(described, os.environ), topics_file)
    return platform_of(find_running_stack(directory).environments, topics_file)


def platform_of(environments: Mapping[str, Mapping[str, str]], topics_file: Path | None = None) -> Platform:
    """The platform of these environment variables, by service."""
    settings: dict[str, ServiceSettings] = {}
    unreadable: dict[str, str] = {}
    for service, environment in environments.items():
        try:
            settings[service] = _read_settings(service, environment)
        except ValidationError as error:
            # What concerns several settings together has no place.
            names = sorted(f"{service}_{item['loc'][0]}".upper() for item in error.errors() if item["loc"])
            unreadable[service] = f"{', '.join(names) or service}: {error.errors()[0]['msg']}"
    return Platform(settings, unreadable, read_topics(topics_file))


def _read_settings(service: str, environment: Mapping[str, str]) -> ServiceSettings:
    settings_class: type[ServiceSettings] = import_module(f"{service}.settings").Settings
    variables = {field: f"{service}_{field}".upper() for field in settings_class.model_fields}
    given = {field: environment[name] for field, name in variables.items() if name in environment}
    return settings_class.model_validate(given)
