"""The demo people at the public HTTP APIs: signed in as a browser would, and asking with their token."""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from maillage.embedded.sign_in import sign_in
from maillage.people import DEMO_PASSWORD, find_person
from maillage.running import RunningStack
from maillage.waiting import NotInTime, until

REQUESTS_AT_ONCE = 8
PASSING_STATUSES = (429, 503)
PASSING_SECONDS = 30.0
SIGN_INS_AT_ONCE = 2

Json = dict[str, Any]


class Refused(Exception):
    """A service answered with a problem; `slug` is its stable name."""

    def __init__(self, request: str, answer: httpx.Response) -> None:
        problem = _problem(answer)
        self.status = answer.status_code
        self.slug = str(problem.get("type", "")).rpartition("/")[2]
        told = problem.get("errors") or problem.get("detail") or problem.get("title") or answer.text[:300]
        super().__init__(f"{request}: {self.status} {self.slug}: {told}")


class Platform:
    """The HTTP APIs of a running stack. Use it as an asynchronous context manager."""

    def __init__(self, stack: RunningStack) -> None:
        self.stack = stack
        self._at_once = asyncio.Semaphore(REQUESTS_AT_ONCE)
        self._signing_in = asyncio.Semaphore(SIGN_INS_AT_ONCE)
        self._people: dict[str, asyncio.Task[SignedIn]] = {}
        self._client = httpx.AsyncClient(timeout=20)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    @property
    def nobody(self) -> "SignedIn":
        """Who has not signed in and sees what is published."""
        return SignedIn(self, "nobody", {})

    async def person(self, user_name: str) -> "SignedIn":
        """Signs in at the first call; raises SignInRefused."""
        if user_name not in self._people:
            self._people[user_name] = asyncio.create_task(self._sign_in(user_name))
        return await self._people[user_name]

    async def _sign_in(self, user_name: str) -> "SignedIn":
        person = find_person(user_name)
        password = person.password if person else DEMO_PASSWORD
        async with self._signing_in:
            token = await asyncio.to_thread(sign_in, self.stack.issuer, user_name, password)
        return SignedIn(self, user_name, {"Authorization": f"Bearer {token}"})

    async def request(self, method: str, service: str, path: str, **options: Any) -> httpx.Response:
        """Tried again while the service is restarting or asks for patience."""
        url = f"{self.stack.base_urls[service]}/api/{service}/v1{path}"

        async def attempt() -> httpx.Response | None:
            async with self._at_once:
                try:
                    answer = await self._client.request(method, url, **options)
                except httpx.TransportError:
                    return None
            return None if answer.status_code in PASSING_STATUSES else answer

        return await until(attempt, f"{method} {url} is answered", PASSING_SECONDS)


class SignedIn:
    """One person; every method raises Refused when the service answers with a problem."""

    def __init__(self, platform: Platform, user_name: str, headers: Mapping[str, str]) -> None:
        self.user_name = user_name
        self._platform, self._headers = platform, dict(headers)

    async def get(self, service: str, path: str, **parameters: object) -> Any:
        asked = {name: str(value) for name, value in parameters.items() if value is not None}
        return (await self._ask("GET", service, path, params=asked)).json()

    async def list_all(self, service: str, path: str, **parameters: object) -> list[Json]:
        """The items of every page."""
        items: list[Json] = []
        cursor: str | None = None
        while True:
            page = await self.get(service, path, limit=200, cursor=cursor, **parameters)
            items += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return items

    async def create(self, service: str, path: str, body: object, key: str, patience_seconds: float = 0) -> Json:
        """Done once for a key, however often it is called.

        With patience, a refusal that comes from news still under way to the service (a new role, a new site) is asked
        again until the time is over.
        """
        headers = {"Idempotency-Key": key}
        return await self._patiently(patience_seconds, "POST", service, path, json=body, headers=headers)

    async def do(self, service: str, path: str, body: object = None) -> Json:
        """A POST that creates nothing: it may be repeated."""
        return dict((await self._ask("POST", service, path, json=body if body is not None else {})).json())

    async def change(
        self, method: str, service: str, path: str, body: object, version: int, patience_seconds: float = 0
    ) -> Json:
        """An edit of the version that was read; patience as with `create`."""
        headers = {"If-Match": f'"{version}"'}
        return await self._patiently(patience_seconds, method, service, path, json=body, headers=headers)

    async def _patiently(self, seconds: float, method: str, service: str, path: str, **options: Any) -> Json:
        refusals: list[Refused] = []

        async def attempt() -> httpx.Response | None:
            try:
                return await self._ask(method, service, path, **options)
            except Refused as refusal:
                if not seconds or (refusal.status not in (403, 404) and refusal.slug != "unknown-site"):
                    raise
                refusals.append(refusal)
                return None

        try:
            return dict((await until(attempt, path, seconds)).json())
        except NotInTime as error:
            raise refusals[-1] from error

    async def _ask(self, method: str, service: str, path: str, **options: Any) -> httpx.Response:
        options["headers"] = {**self._headers, **options.get("headers", {})}
        answer = await self._platform.request(method, service, path, **options)
        if not answer.is_success:
            raise Refused(f"{self.user_name}: {method} {service}{path}", answer)
        return answer


def _problem(answer: httpx.Response) -> Json:
    try:
        document = answer.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
