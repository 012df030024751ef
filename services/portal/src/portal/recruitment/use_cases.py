"""Looking for somebody, applying, and deciding."""

from __future__ import annotations

from collections.abc import Mapping

from portal.asking import Json
from portal.recruitment.domain import Application, Vacancy
from portal.visits import Visitor


async def open_vacancy(visitor: Visitor, body: Mapping[str, object], key: str) -> Json:
    """Write down whom an association looks for, once for a key. Raises Refused or Unavailable."""
    return await visitor.asking.create("staffing", "/vacancies", body, key)


async def move_vacancy(visitor: Visitor, vacancy: Vacancy, state: str, version: int) -> None:
    """Publish or close it, on the version that was read. Raises Refused or Unavailable."""
    await visitor.asking.change("PATCH", "staffing", f"/vacancies/{vacancy.id}", {"state": state}, version)


async def apply(visitor: Visitor, vacancy: Vacancy, body: Mapping[str, object], key: str) -> None:
    """Apply, once for a key. Raises Refused or Unavailable."""
    await visitor.asking.create("staffing", f"/vacancies/{vacancy.id}/applications", body, key)


async def decide(visitor: Visitor, application: Application, body: Mapping[str, object], version: int) -> None:
    """Say what becomes of an application, on the version that was read. Raises Refused or Unavailable."""
    await visitor.asking.change("PATCH", "staffing", f"/applications/{application.id}", body, version)
