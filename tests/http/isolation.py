"""Walks the routes of a service as everybody in turn, and notes whatever an outsider reads, changes or learns."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from common.ids import new_id
from contracts.partners import Role
from tests.factories.accounts import Person, World
from tests.http.route_table import OpenTo, Route, Scene

TABLES = text(
    """select relname from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
          and has_table_privilege(oid, 'select') order by 1"""
)


@dataclass
class Walk:
    """What was asked so far, and what should not have been answered."""

    requests: int = 0
    leaks: list[str] = field(default_factory=list)

    def require(self, holds: object, route: Route, who: str, answer: httpx.Response, why: str) -> None:
        """Note that an answer is not what the table says."""
        if not holds:
            self.leaks.append(f"{route.name} as {who}: {why}: {answer.status_code} {answer.text[:300]}")


@dataclass(frozen=True)
class Callers:
    """Everybody around one scene, by what they are to it."""

    colleagues: Mapping[Role, Person]
    outsiders: Mapping[str, Person]
    nobody: Person

    def refused(self, route: Route, scene: Scene) -> Iterator[tuple[str, Person]]:
        """Who must not see or change the scene through this route."""
        yield from self.outsiders.items()
        yield "the parent of another household", scene.other_parent
        yield from ((role, person) for role, person in self.colleagues.items() if role not in route.roles)
        if not route.parent:
            yield "a parent", scene.parent

    def allowed(self, route: Route, scene: Scene) -> Iterator[tuple[str, Person]]:
        """Who may."""
        yield from ((role, person) for role, person in self.colleagues.items() if role in route.roles)
        if route.parent:
            yield "a parent", scene.parent


async def gather_callers(world: World, scene: Scene) -> Callers:
    """A colleague of every role, and people who have nothing to do with the association."""
    neighbour = await world.organisation()
    colleagues = {role: await world.member(scene.organisation_id, role) for role in Role}
    outsiders = {
        "the director of another association": await world.member(neighbour, Role.director),
        "a stranger": world.stranger(),
    }
    return Callers(colleagues, outsiders, world.nobody())


async def walk_route(
    world: World, auditor: AsyncEngine, route: Route, knowing: set[str], scene: Scene, callers: Callers, walk: Walk
) -> None:
    """Ask as everybody who must be refused, and look at the database before and after.

    Who reads a thing may be told that they must not change it; for the others it does not exist.
    """
    before = await checksums(auditor)
    for ids in variants(scene):
        nobody = await ask(world, callers.nobody, route, ids, walk)
        _judge_nobody(route, nobody, scene, ids, walk)
        for who, person in callers.refused(route, scene):
            answer = await ask(world, person, route, ids, walk)
            unknown = unknown_ids(scene, ids)
            other = await ask(world, person, route, unknown, walk)
            _judge_refused(route, who, answer, scene, ids, walk)
            asked = {*ids.values(), *unknown.values()}
            same = masked(answer, asked) == masked(other, asked) or who in knowing
            walk.require(same, route, who, answer, f"a foreign id is not as a random one, {other.status_code}")
    after = await checksums(auditor)
    changed = sorted(table for table in after if after[table] != before.get(table))
    if changed:
        walk.leaks.append(f"{route.name}: somebody who is refused changed {', '.join(changed)}")


def readers_of(route: Route, table: Sequence[Route]) -> set[str]:
    """Who may read what the route is about: by a GET of the same address, or of the start of it."""
    reading = [one for one in table if one.method == "GET" and "{" in one.path and route.path.startswith(one.path)]
    names = {str(role) for one in reading for role in one.roles}
    return names | ({"a parent"} if any(one.parent for one in reading) else set())


async def walk_allowed(
    world: World,
    route: Route,
    scene: Scene,
    callers: Callers,
    walk: Walk,
    again: Callable[[], Awaitable[tuple[Scene, Callers]]],
) -> None:
    """Ask as everybody who may: the table is right, and the refusals before were not for all."""
    for who, _ in callers.allowed(route, scene):
        if route.consumes:
            scene, callers = await again()
        person = dict(callers.allowed(route, scene))[who]
        ids = {**scene.ids, **scene.shown} if person is scene.parent else {**scene.shown, **scene.ids}
        answer = await ask(world, person, route, ids, walk)
        walk.require(answer.status_code not in (401, 403, 404), route, who, answer, "the table allows it")
        walk.require(answer.status_code < 500, route, who, answer, "failed")
        if route.method == "GET" and route.shows:
            walk.require(shown_secrets(answer, scene, {}), route, who, answer, "shows nothing to those who may see")


def variants(scene: Scene) -> Iterator[dict[str, str]]:
    """First all that is hidden; then, where something like it is published, that beside the rest."""
    hidden, published = {**scene.shown, **scene.ids}, {**scene.ids, **scene.shown}
    yield hidden
    if published != hidden:
        yield published


def unknown_ids(scene: Scene, ids: Mapping[str, str]) -> dict[str, str]:
    """The same question about things that nobody has."""
    published = set(scene.shown.values())
    return {name: value if value in published else str(new_id()) for name, value in ids.items()}


async def ask(world: World, person: Person, route: Route, ids: Mapping[str, str], walk: Walk) -> httpx.Response:
    """One request."""
    walk.requests += 1
    headers = {**person.headers, "Idempotency-Key": secrets.token_hex(8)}
    if route.if_match is not None:
        headers["If-Match"] = route.if_match
    path = f"/api/{world.service}/v1{route.path.format(**ids)}"
    return await world.client.request(
        route.method,
        path,
        headers=headers,
        params=dict(route.query(ids)) if route.query else None,
        json=route.body(ids) if route.body else None,
    )


def _judge_nobody(route: Route, answer: httpx.Response, scene: Scene, ids: Mapping[str, str], walk: Walk) -> None:
    if route.open_to is OpenTo.PUBLIC:
        _judge_refused(route, "nobody", answer, scene, ids, walk)
    else:
        walk.require(answer.status_code == 401, route, "nobody", answer, "should sign in first")


def _judge_refused(
    route: Route, who: str, answer: httpx.Response, scene: Scene, ids: Mapping[str, str], walk: Walk
) -> None:
    seen = shown_secrets(answer, scene, ids)
    walk.require(not seen, route, who, answer, f"reads {seen}")
    refused = answer.status_code in (403, 404)
    if route.method == "GET":
        empty = answer.status_code == 200 and ("{" not in route.path or _is_public(ids, scene))
        walk.require(refused or empty or route.open_to is OpenTo.SIGNED_IN, route, who, answer, "is not refused")
    elif route.open_to is OpenTo.STAFF:
        walk.require(refused, route, who, answer, "is not refused")
    walk.require(answer.status_code < 500, route, who, answer, "failed")


def _is_public(ids: Mapping[str, str], scene: Scene) -> bool:
    return any(ids.get(name) == value for name, value in scene.shown.items())


def shown_secrets(answer: httpx.Response, scene: Scene, ids: Mapping[str, str]) -> list[str]:
    """What of the scene an answer tells, apart from what the question said already."""
    told = answer.text
    return [secret for secret in scene.secrets if secret in told and secret not in ids.values()]


def masked(answer: httpx.Response, asked: set[str]) -> tuple[int, str]:
    """Status and text of an answer without the ids of the questions, its trace id and its moment."""
    body = answer.text
    for value in asked:
        body = body.replace(value, "?")
    document = answer.json() if answer.text.startswith("{") else {}
    for moving in ("trace_id", "recorded_at"):
        body = body.replace(str(document.get(moving)), "?")
    return answer.status_code, body


async def checksums(auditor: AsyncEngine) -> dict[str, str]:
    """How many rows every table has, and what they come to."""
    async with auditor.connect() as connection:
        tables = (await connection.scalars(TABLES)).all()
        return {
            table: str(
                (
                    await connection.execute(
                        text(f"select count(*), md5(string_agg(t::text, '' order by t::text)) from {table} t")
                    )
                ).one()
            )
            for table in tables
        }
