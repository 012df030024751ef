"""Organisations and people with roles, as a service knows them from the compacted topics."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from access.projection import know_account_persons, know_membership, know_organisation
from common.ids import new_id
from contracts.activities import AccountPersonsChanged
from contracts.partners import MembershipChanged, MembershipState, OrganisationChanged, OrganisationKind, Role
from tests.factories.identity import TestIssuer


@dataclass(frozen=True)
class Person:
    """Somebody with an account; `headers` sign a request in."""

    subject: str
    headers: dict[str, str]
    client: httpx.AsyncClient

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.get(path, headers=self.headers, **options)

    async def post(
        self, path: str, body: object, *, key: str | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """POST with an Idempotency-Key of its own unless one is given."""
        told = {**self.headers, "Idempotency-Key": key or secrets.token_hex(8), **(headers or {})}
        return await self.client.post(path, json=body, headers=told)

    async def change(
        self, method: str, path: str, body: object = None, *, version: int | None = None
    ) -> httpx.Response:
        """PATCH, PUT or DELETE, with If-Match when a version is given."""
        told = self.headers if version is None else {**self.headers, "If-Match": f'"{version}"'}
        return await self.client.request(method, path, json=body, headers=told)


class World:
    """One service over HTTP, and what it knows of organisations and accounts."""

    def __init__(self, service: str, client: httpx.AsyncClient, issuer: TestIssuer, owner: AsyncEngine) -> None:
        self.service, self.client, self._issuer, self._owner = service, client, issuer, owner

    async def organisation(self, kind: OrganisationKind = OrganisationKind.association, **fields: object) -> UUID:
        """A new organisation in Europe/Brussels, known to the service."""
        organisation_id = fields.pop("organisation_id", None) or new_id()
        assert isinstance(organisation_id, UUID)
        values = {
            "organisation_id": organisation_id,
            "version": 1,
            "kind": kind,
            "name": f"Organisation {str(organisation_id)[-6:]}",
            "slug": f"organisation-{organisation_id}",
            "time_zone": "Europe/Brussels",
            "currency": "EUR",
            "jurisdiction": "BE-FWB",
            "languages": ("fr",),
            **fields,
        }
        async with AsyncSession(self._owner) as session, session.begin():
            await know_organisation(session, OrganisationChanged.model_validate(values))
        return organisation_id

    async def member(self, organisation_id: UUID, role: Role) -> Person:
        """Somebody with one role in one organisation."""
        subject = f"{role}-{secrets.token_hex(6)}"
        event = MembershipChanged(
            organisation_id=organisation_id,
            membership_id=new_id(),
            version=1,
            role=role,
            state=MembershipState.active,
            account_issuer=self._issuer.url,
            account_subject=subject,
        )
        async with AsyncSession(self._owner) as session, session.begin():
            await know_membership(session, event)
        return self.stranger(subject)

    async def parent(self, organisation_id: UUID, *person_ids: UUID) -> Person:
        """A contact without any role who answers for the persons."""
        subject = f"parent-{secrets.token_hex(6)}"
        event = AccountPersonsChanged(
            organisation_id=organisation_id,
            contact_id=new_id(),
            version=1,
            account_issuer=self._issuer.url,
            account_subject=subject,
            person_ids=person_ids,
        )
        async with AsyncSession(self._owner) as session, session.begin():
            await know_account_persons(session, event)
        return self.stranger(subject)

    def stranger(self, subject: str = "") -> Person:
        """Somebody signed in whom no organisation knows."""
        subject = subject or f"stranger-{secrets.token_hex(6)}"
        return Person(subject, {"Authorization": f"Bearer {self._issuer.token(subject)}"}, self.client)

    def nobody(self) -> Person:
        """Somebody who has not signed in."""
        return Person("", {}, self.client)
