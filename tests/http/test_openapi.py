"""Every service answers as its OpenAPI says, whatever it is asked: no failure, and nothing undocumented."""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation

from contracts.partners import Role
from tests.conftest import SERVICES, ServiceDatabases
from tests.factories.accounts import Person, World

NEGATIVE, POSITIVE = GenerationMode.NEGATIVE, GenerationMode.POSITIVE


@pytest.mark.timeout(900)
@pytest.mark.parametrize("service", SERVICES)
async def test_every_answer_is_one_that_is_described(
    service_world: World, databases_of: Callable[[str], ServiceDatabases], service: str
) -> None:
    scene = await importlib.import_module(f"tests.http.routes.{service}").prepare(service_world, databases_of(service))
    ids = {**scene.ids, **scene.shown, "organisation_id": str(scene.organisation_id)}
    director = await service_world.member(scene.organisation_id, Role.director)
    described = (await service_world.client.get(f"/api/{service}/v1/openapi.json")).json()
    operations = [result.ok() for result in schemathesis.openapi.from_dict(described).get_all_operations()]
    failures: list[str] = []
    asked = 0
    for operation in operations:
        for case in cases_of(operation):
            asked += 1
            failures += await ask(service_world, director, with_real_ids(case, ids))
    assert asked >= 10 * len(operations)
    assert not failures, "\n\n".join(failures[:20])


def cases_of(operation: Any) -> Iterator[Case]:
    """Requests as the schema allows them, and as it forbids them, half of the configured examples each."""
    count = operation.schema.config.generation_for(operation=operation).max_examples or 20
    for mode in (POSITIVE, NEGATIVE):
        yield from drawn(operation, mode, count // 2)


def drawn(operation: Any, mode: GenerationMode, count: int) -> list[Case]:
    """Examples without shrinking: what fails is repeated with a fixed seed, and printed as a command."""
    cases: list[Case] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def collect(case: Case) -> None:
        cases.append(case)

    try:
        collect()
    except Unsatisfiable:  # Nothing can be wrong with a request that has no parts.
        assert mode is NEGATIVE
    return cases


def with_real_ids(case: Case, ids: dict[str, str]) -> Case:
    """Every other request is about things that are there, so that it comes past the first door.

    One whose path is what is wrong with it stays as it is: nothing would be wrong with it any more.
    """
    chance = random.Random(case.as_curl_command())
    if chance.random() < 0.5 or is_flawed(case, ParameterLocation.PATH):
        return case
    for name in case.path_parameters or {}:
        if name in ids:
            case.path_parameters[name] = ids[name]
    if isinstance(case.body, dict):
        case.body = {name: ids.get(name, value) for name, value in case.body.items()}
    return case


def is_flawed(case: Case, location: ParameterLocation) -> bool:
    """True when this part of the request was made to break the schema."""
    part = case.meta.components.get(location) if case.meta else None
    return part is not None and part.mode is NEGATIVE


async def ask(world: World, person: Person, case: Case) -> list[str]:
    """Send one request; what is wrong with the answer."""
    request = case.as_transport_kwargs(base_url="http://test")
    headers = {name: value for name, value in request.pop("headers").items() if name.lower() != "authorization"}
    encoded = {name: str(value).encode("latin-1", "replace") for name, value in {**headers, **person.headers}.items()}
    response = await world.client.request(headers=encoded, **request)
    try:
        case.validate_response(response)
    except FailureGroup as group:
        shown = f"{case.as_curl_command()[:600]} -> {response.status_code} {response.text[:200]}"
        return [f"{case.operation.label}: {failure}\n{shown}" for failure in group.exceptions]
    return []
