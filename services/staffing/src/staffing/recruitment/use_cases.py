"""Vacancies are published, people apply, and who is accepted is recorded as a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from access.principals import Account
from access.row_policies import act_for
from common.clock import now
from common.due_rows import schedule
from common.http import check_version
from common.outbox import publish
from contracts.staffing import ApplicationReceived
from staffing.people.domain import check_dates
from staffing.people.use_cases import register_person
from staffing.recruitment import queries
from staffing.recruitment.domain import (
    ApplicationState,
    HasApplied,
    VacancyIsFilled,
    VacancyState,
    check_open,
    check_step,
    forget_on,
)
from staffing.recruitment.tables import Application, Vacancy

FORGET = "forget_application"


@dataclass(frozen=True)
class Decision:
    """What becomes of an application, and why."""

    state: ApplicationState
    interview_at: datetime | None = None
    because: str | None = None


async def open_vacancy(session: AsyncSession, organisation_id: UUID, values: Mapping[str, Any]) -> Vacancy:
    """Write down whom the association looks for; published later. Raises DatesAreReversed."""
    check_dates(values["starts_on"], values["ends_on"])
    vacancy = Vacancy(organisation_id=organisation_id, **values)
    session.add(vacancy)
    await session.flush()
    return vacancy


async def change_vacancy(
    session: AsyncSession, vacancy_id: UUID, changes: Mapping[str, Any], expected_version: int
) -> Vacancy:
    """Change, publish or close a vacancy. Raises VacancyNotFound, DatesAreReversed."""
    vacancy = await queries.lock_vacancy(session, vacancy_id)
    check_version(expected_version, vacancy.version)
    for field, value in changes.items():
        setattr(vacancy, field, value)
    check_dates(vacancy.starts_on, vacancy.ends_on)
    vacancy.version += 1
    await session.flush()
    return vacancy


async def apply(session: AsyncSession, vacancy: Vacancy, account: Account, values: Mapping[str, Any]) -> Application:
    """Apply for a vacancy; those who recruit are told. Raises VacancyIsNotOpen, HasApplied."""
    check_open(VacancyState(vacancy.state), vacancy.apply_until, now().date())
    application = Application(
        organisation_id=vacancy.organisation_id,
        vacancy_id=vacancy.id,
        account_issuer=account.issuer,
        account_subject=account.subject,
        received_at=now(),
        **values,
    )
    async with act_for(session, vacancy.organisation_id, because="somebody applies for a published vacancy"):
        try:
            async with session.begin_nested():
                session.add(application)
        except IntegrityError as error:
            raise HasApplied("You have applied for this before.") from error
        told = ApplicationReceived(
            organisation_id=vacancy.organisation_id,
            application_id=application.id,
            version=application.version,
            vacancy_id=vacancy.id,
            title=vacancy.title,
            footing=vacancy.footing,
        )
        await publish(session, told)
    return application


async def decide(session: AsyncSession, application_id: UUID, decision: Decision, expected_version: int) -> Application:
    """Invite, accept, refuse or withdraw; who is accepted becomes a person of the association.

    Raises ApplicationNotFound, ApplicationIsDecided, VacancyIsFilled, AccountIsLinked.
    """
    found = await queries.get_application(session, application_id)
    vacancy = await queries.lock_vacancy(session, found.vacancy_id)
    application = await queries.lock_application(session, application_id)
    check_version(expected_version, application.version)
    check_step(ApplicationState(application.state), decision.state)
    application.interview_at = decision.interview_at or application.interview_at
    application.because = decision.because or application.because
    if decision.state is ApplicationState.accepted:
        await _take_on(session, vacancy, application)
    application.state = decision.state
    application.version += 1
    forgotten_on = forget_on(decision.state, now().date())
    if forgotten_on is not None:
        application.decided_on = now().date()
        due_at = datetime.combine(forgotten_on, time.min, UTC)
        await schedule(session, FORGET, application.id, application.organisation_id, due_at)
    await session.flush()
    return application


async def _take_on(session: AsyncSession, vacancy: Vacancy, application: Application) -> None:
    if await queries.count_accepted(session, vacancy.id) >= vacancy.places:
        raise VacancyIsFilled(f"All {vacancy.places} places of this vacancy are taken: raise their number first.")
    values = {
        "kind": vacancy.footing,
        "display_name": application.display_name,
        "email": application.email,
        "phone": application.phone,
        "language": application.language,
        "started_on": max(vacancy.starts_on, _today()),
        "ended_on": vacancy.ends_on,
        "account_issuer": application.account_issuer,
        "account_subject": application.account_subject,
    }
    person = await register_person(session, vacancy.organisation_id, values)
    application.person_id = person.id


def _today() -> date:
    return now().date()


async def close_undecided(session: AsyncSession, application_id: UUID) -> None:
    """Close an application that nobody decided, as if withdrawn, and delete what is personal of it."""
    application = await queries.lock_application(session, application_id)
    application.state, application.decided_on = ApplicationState.withdrawn, now().date()
    await forget(session, application_id)


async def forget(session: AsyncSession, application_id: UUID) -> None:
    """Delete what is personal of an applicant; that somebody applied, and the outcome, stay."""
    application = await queries.lock_application(session, application_id)
    application.account_issuer = application.account_subject = None
    application.display_name = application.email = application.phone = None
    application.message = application.because = None
    application.version += 1
    await session.flush()
