"""The one client of the services' HTTP APIs: asks as the signed-in person, or as nobody."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import httpx
from opentelemetry.propagate import inject

Json = dict[str, Any]
Value = TypeVar("Value")

PUBLIC_ANSWERS_MAX = 2_000
PAGE_ITEMS = 200
PAGES_MAX = 50
READING_SECONDS_MAX = 2.0
REST_SECONDS = 3.0


class Unavailable(Exception):
    """A service did not answer, or could not: `service` is its name."""

    def __init__(self, service: str) -> None:
        super().__init__(f"{service} does not answer")
        self.service = service


class SignInAgain(Exception):
    """The service does not accept the person's token any more."""


class Refused(Exception):
    """A service answered with a problem; `slug` is its stable name."""

    def __init__(self, status: int, slug: str, title: str, detail: str | None) -> None:
        super().__init__(f"{status} {slug}: {detail or title}")
        self.status, self.slug, self.title, self.detail = status, slug, title, detail


@dataclass(frozen=True)
class Part(Generic[Value]):
    """What one part of a page shows; `missing` names the service that did not answer for it."""

    value: Value
    missing: str | None = None


async def part(asked: Awaitable[Value], otherwise: Value) -> Part[Value]:
    """The answer, or the stand-in when its service is away; the rest of the page is shown all the same."""
    try:
        return Part(await asked)
    except Unavailable as error:
        return Part(otherwise, missing=error.service)


class Services:
    """The addresses of the services behind one pool of connections, and what they told everybody a moment ago.

    A question waits for each service as long as `reading_seconds_max` says; a change as long as the client does. Who
    let a question wait in vain is not asked for a moment, so that pages do not add up the waiting.
    """

    def __init__(
        self, urls: Mapping[str, str], client: httpx.AsyncClient, reading_seconds_max: Mapping[str, float] | None = None
    ) -> None:
        self._urls, self._client = dict(urls), client
        self._reading_seconds_max = reading_seconds_max or {}
        self._rests_until: dict[str, float] = {}
        self._public: OrderedDict[tuple[object, ...], tuple[float, Any]] = OrderedDict()

    async def read_metrics(self, service: str) -> str:
        """The metrics of a service that can do its work, as text. Raises Unavailable."""
        seconds = self._reading_seconds_max.get(service, READING_SECONDS_MAX)
        try:
            ready = await self._client.get(f"{self._urls[service]}/health/ready", timeout=seconds)
            metrics = await self._client.get(f"{self._urls[service]}/metrics", timeout=seconds)
        except httpx.HTTPError as error:
            raise Unavailable(service) from error
        if not ready.is_success or not metrics.is_success:
            raise Unavailable(service)
        return metrics.text

    async def send(self, method: str, service: str, path: str, **options: Any) -> httpx.Response:
        """The answer below 400. Raises Unavailable, SignInAgain or Refused."""
        headers: dict[str, str] = dict(options.pop("headers", {}))
        inject(headers)
        url = f"{self._urls[service]}/api/{service}/v1{path}"
        if method == "GET":
            options["timeout"] = self._reading_seconds_max.get(service, READING_SECONDS_MAX)
            if self._rests_until.get(service, 0.0) > time.monotonic():
                raise Unavailable(service)
        try:
            answer = await self._client.request(method, url, headers=headers, **options)
        except httpx.TimeoutException as error:
            self._rests_until[service] = time.monotonic() + REST_SECONDS
            raise Unavailable(service) from error
        except httpx.HTTPError as error:
            raise Unavailable(service) from error
        if answer.status_code == 429 or answer.status_code >= 500:
            raise Unavailable(service)
        if answer.status_code == 401:
            raise SignInAgain
        if answer.status_code >= 400:
            raise _refused(answer)
        return answer

    def recall(self, question: tuple[object, ...]) -> Any | None:
        """What everybody was told, while it is fresh."""
        known = self._public.get(question)
        return known[1] if known is not None and known[0] > time.monotonic() else None

    def recall_at_any_age(self, question: tuple[object, ...]) -> Any | None:
        """What everybody was told last, for when the service is away."""
        known = self._public.get(question)
        return known[1] if known is not None else None

    def remember(self, question: tuple[object, ...], answer: Any, seconds: float) -> None:
        """Keep a public answer for some seconds."""
        self._public[question] = (time.monotonic() + seconds, answer)
        self._public.move_to_end(question)
        if len(self._public) > PUBLIC_ANSWERS_MAX:
            self._public.popitem(last=False)

    def outdate(self, *beginning: object) -> None:
        """Ask again next time for all that begins so; the last answer still stands in while its service is away."""
        for question, (_until, answer) in self._public.items():
            if question[: len(beginning)] == beginning:
                self._public[question] = (0.0, answer)


def _refused(answer: httpx.Response) -> Refused:
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    slug = str(problem.get("type", "")).rpartition("/")[2]
    return Refused(answer.status_code, slug, str(problem.get("title", "")), problem.get("detail"))


@dataclass(frozen=True)
class Asking:
    """The services as one person sees them; without a token as everybody does."""

    services: Services
    token: str | None = None
    client: str | None = None
    """Whom the services count the questions of strangers to, so that one of them does not use up the share of all."""

    def stranger(self) -> Asking:
        """The services as everybody sees them, asked by the same client."""
        return Asking(self.services, client=self.client)

    async def get(self, service: str, path: str, **parameters: object) -> Any:
        """The JSON of one GET; parameters of None are left out."""
        return (await self._send("GET", service, path, params=_sent(parameters))).json()

    async def get_file(self, service: str, path: str) -> bytes:
        """The bytes of one GET."""
        return (await self._send("GET", service, path)).content

    async def get_public(self, service: str, path: str, *, seconds: float, **parameters: object) -> Any:
        """The same, asked as nobody, at most `seconds` old: for what is the same for everybody."""
        question = (service, path, *sorted(_sent(parameters).items()))
        answer = self.services.recall(question)
        if answer is None:
            sent = await self.services.send("GET", service, path, headers=self._stranger, params=_sent(parameters))
            answer = sent.json()
            self.services.remember(question, answer, seconds)
        return answer

    async def list_all(self, service: str, path: str, *, public_seconds: float = 0, **parameters: object) -> list[Json]:
        """The items of every page; with `public_seconds` asked as nobody."""
        items: list[Json] = []
        cursor: str | None = None
        for _ in range(PAGES_MAX):
            wanted = {**parameters, "limit": PAGE_ITEMS, "cursor": cursor}
            if public_seconds:
                page = await self.get_public(service, path, seconds=public_seconds, **wanted)
            else:
                page = await self.get(service, path, **wanted)
            items += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        return items

    async def get_many(self, service: str, paths: list[str], *, public_seconds: float = 0) -> list[Any]:
        """One answer for each path, asked together; None for what is not to be seen."""

        async def ask(path: str) -> Any:
            try:
                if public_seconds:
                    return await self.get_public(service, path, seconds=public_seconds)
                return await self.get(service, path)
            except Refused:
                return None

        return list(await asyncio.gather(*(ask(path) for path in paths)))

    async def create(self, service: str, path: str, body: object, key: str) -> Json:
        """Done once for a key, however often it is sent."""
        headers = {"Idempotency-Key": key}
        return dict((await self._send("POST", service, path, json=body, headers=headers)).json())

    async def do(self, service: str, path: str, body: object = None) -> Json:
        """A POST that creates nothing: it may be repeated."""
        return dict((await self._send("POST", service, path, json=body if body is not None else {})).json())

    async def put(self, service: str, path: str, body: object = None) -> Json:
        """Let something be so; what the service says of it, if it does."""
        answer = await self._send("PUT", service, path, **({} if body is None else {"json": body}))
        return dict(answer.json()) if answer.content else {}

    async def change(self, method: str, service: str, path: str, body: object, version: int) -> Json:
        """An edit of the version that was read."""
        headers = {"If-Match": f'"{version}"'}
        return dict((await self._send(method, service, path, json=body, headers=headers)).json())

    async def remove(self, service: str, path: str, version: int | None = None) -> None:
        """Delete it; where edits name a version, the one that was read."""
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        await self._send("DELETE", service, path, headers=headers)

    @property
    def _stranger(self) -> dict[str, str]:
        """The headers of a question that is asked as nobody."""
        return {} if self.client is None else {"X-Forwarded-For": self.client}

    async def _send(self, method: str, service: str, path: str, **options: Any) -> httpx.Response:
        headers = dict(options.pop("headers", {}))
        headers |= self._stranger if self.token is None else {"Authorization": f"Bearer {self.token}"}
        return await self.services.send(method, service, path, headers=headers, **options)


def _sent(parameters: Mapping[str, object]) -> dict[str, str]:
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in parameters.items()
        if value is not None
    }
