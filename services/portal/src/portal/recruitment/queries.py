"""Questions about whom an association looks for."""

from __future__ import annotations

from portal.asking import Refused
from portal.directory.domain import Organisation, Post
from portal.recruitment.domain import (
    Application,
    Vacancy,
    application_of,
    by_start,
    open_first,
    vacancy_of,
)
from portal.visits import Visitor


async def list_vacancies(visitor: Visitor, organisation: Organisation, state: str | None = None) -> list[Vacancy]:
    """The vacancies of an association that the visitor may see, what begins first, first."""
    found = await visitor.asking.list_all("staffing", "/vacancies", organisation_id=organisation.id, state=state)
    return by_start(vacancy_of(one) for one in found)


async def get_vacancy(visitor: Visitor, organisation: Organisation, vacancy_id: str) -> Vacancy:
    """A vacancy of the association. Raises Refused (404)."""
    vacancy = vacancy_of(await visitor.asking.get("staffing", f"/vacancies/{vacancy_id}"))
    if vacancy.organisation_id != organisation.id:
        raise Refused(404, "not-found", "Another association looks for somebody", None)
    return vacancy


async def list_applications(
    visitor: Visitor, post: Post, vacancy_id: str | None = None
) -> dict[str, list[Application]]:
    """The applications at the association by vacancy, those that wait for an answer first."""
    found = await visitor.asking.list_all("staffing", "/applications", vacancy_id=vacancy_id)
    own = [one for one in found if one["organisation_id"] == post.organisation.id]
    ids = {one["vacancy_id"] for one in own}
    return {key: open_first(application_of(one) for one in own if one["vacancy_id"] == key) for key in ids}
