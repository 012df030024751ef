"""What is asked about vacancies and applications."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from access.principals import Account
from staffing.recruitment.domain import ApplicationNotFound, ApplicationState, VacancyNotFound, VacancyState
from staffing.recruitment.tables import Application, Vacancy


async def get_vacancy(session: AsyncSession, vacancy_id: UUID) -> Vacancy:
    """One vacancy. Raises VacancyNotFound."""
    found = await session.get(Vacancy, vacancy_id)
    if found is None:
        raise VacancyNotFound
    return found


async def lock_vacancy(session: AsyncSession, vacancy_id: UUID) -> Vacancy:
    """One vacancy, locked: its places are given one after the other. Raises VacancyNotFound."""
    statement = select(Vacancy).where(Vacancy.id == vacancy_id).with_for_update()
    found = (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if found is None:
        raise VacancyNotFound
    return found


async def list_vacancies(
    session: AsyncSession, *, organisation_id: UUID | None, state: VacancyState | None, after: UUID | None, limit: int
) -> Sequence[Vacancy]:
    """One row more than the limit, in the order of ids."""
    statement = select(Vacancy).order_by(Vacancy.id).limit(limit + 1)
    if organisation_id is not None:
        statement = statement.where(Vacancy.organisation_id == organisation_id)
    if state is not None:
        statement = statement.where(Vacancy.state == state)
    if after is not None:
        statement = statement.where(Vacancy.id > after)
    return (await session.scalars(statement)).all()


async def get_application(session: AsyncSession, application_id: UUID) -> Application:
    """One application. Raises ApplicationNotFound."""
    found = await session.get(Application, application_id)
    if found is None:
        raise ApplicationNotFound
    return found


async def lock_application(session: AsyncSession, application_id: UUID) -> Application:
    """One application, locked. Raises ApplicationNotFound."""
    statement = select(Application).where(Application.id == application_id).with_for_update()
    found = (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if found is None:
        raise ApplicationNotFound
    return found


async def list_applications(
    session: AsyncSession,
    *,
    vacancy_id: UUID | None,
    state: ApplicationState | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Application]:
    """One row more than the limit, in the order of ids."""
    statement = select(Application).order_by(Application.id).limit(limit + 1)
    if vacancy_id is not None:
        statement = statement.where(Application.vacancy_id == vacancy_id)
    if state is not None:
        statement = statement.where(Application.state == state)
    if after is not None:
        statement = statement.where(Application.id > after)
    return (await session.scalars(statement)).all()


async def count_accepted(session: AsyncSession, vacancy_id: UUID) -> int:
    """How many were taken on for a vacancy."""
    statement = select(func.count()).where(
        Application.vacancy_id == vacancy_id, Application.state == ApplicationState.accepted
    )
    return int(await session.scalar(statement) or 0)


def is_own(account: Account, application: Application) -> bool:
    """True when the application is the caller's own."""
    return (application.account_issuer, application.account_subject) == (account.issuer, account.subject)
