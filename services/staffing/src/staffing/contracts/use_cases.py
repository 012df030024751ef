"""Documents are asked for, made, handed over and signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import now
from common.due_rows import schedule
from common.http import check_version
from common.ids import new_id
from staffing.contracts import queries
from staffing.contracts.domain import (
    DocumentKind,
    DocumentState,
    Employer,
    Facts,
    Task,
    check_fits,
    check_step,
    language_for,
)
from staffing.contracts.tables import Document, EmployerDetails
from staffing.hours.queries import find_terms
from staffing.people.domain import PersonKind, check_dates
from staffing.people.queries import get_person

RENDER = "render_document"
DAYS_OF_TASK = ("starts_on", "ends_on")


async def describe_employer(
    session: AsyncSession, organisation_id: UUID, values: Mapping[str, Any], expected_version: int
) -> EmployerDetails:
    """Say who the association is and how it is insured; the first version replaces version 0."""
    found = await queries.lock_employer(session, organisation_id)
    check_version(expected_version, 0 if found is None else found.version)
    if found is None:
        found = EmployerDetails(organisation_id=organisation_id, version=0, **values)
        session.add(found)
    for field, value in values.items():
        setattr(found, field, value)
    found.version += 1
    await session.flush()
    return found


async def ask_for_document(
    session: AsyncSession, person_id: UUID, kind: DocumentKind, language: str | None, values: Mapping[str, Any]
) -> Document:
    """Freeze what a document will say; the worker makes it.

    Raises PersonNotFound, DocumentDoesNotFit, EmployerIsNotDescribed, DatesAreReversed.
    """
    check_dates(values["starts_on"], values["ends_on"])
    person = await get_person(session, person_id)
    check_fits(kind, PersonKind(person.kind))
    employer = await queries.get_employer(session, person.organisation_id)
    terms = await find_terms(session, person.organisation_id, values["starts_on"])
    document_id = new_id()
    task = Task(
        person_name=person.display_name,
        day_allowance_minor=None if terms is None else terms.volunteer_day_allowance_minor,
        **values,
    )
    description = Employer(**{field.name: getattr(employer, field.name) for field in fields(Employer)})
    facts = Facts(description, task, now().date(), str(document_id))
    document = Document(
        id=document_id,
        organisation_id=person.organisation_id,
        person_id=person_id,
        kind=kind,
        language=language_for(language, person.language),
        facts=_frozen(facts),
        starts_on=values["starts_on"],
        ends_on=values["ends_on"],
    )
    session.add(document)
    await session.flush()
    await schedule(session, RENDER, document_id, person.organisation_id, now())
    return document


def _frozen(facts: Facts) -> dict[str, Any]:
    """The facts as JSON keeps them; days as ISO 8601."""
    kept = asdict(facts)
    kept["made_on"] = facts.made_on.isoformat()
    for name in DAYS_OF_TASK:
        day = kept["task"][name]
        kept["task"][name] = None if day is None else day.isoformat()
    return kept


def facts_of(document: Document) -> Facts:
    """What a document says, as it was frozen."""
    kept, task = document.facts, dict(document.facts["task"])
    for name in DAYS_OF_TASK:
        task[name] = None if task[name] is None else date.fromisoformat(task[name])
    made_on = date.fromisoformat(kept["made_on"])
    return Facts(Employer(**kept["employer"]), Task(**task), made_on, kept["reference"])


async def keep_pdf(session: AsyncSession, document_id: UUID, pdf: bytes) -> None:
    """Keep the file, once; what became void meanwhile stays so. Raises DocumentNotFound."""
    document = await queries.lock_document(session, document_id)
    if document.state != DocumentState.asked:
        return
    document.pdf, document.made_on = pdf, facts_of(document).made_on
    document.state = DocumentState.made
    document.version += 1
    await session.flush()


async def take_step(
    session: AsyncSession, document_id: UUID, state: DocumentState, on: date, expected_version: int
) -> Document:
    """Say that a document was handed over, signed, or is void. Raises DocumentNotFound, StepIsNotPossible."""
    document = await queries.lock_document(session, document_id)
    check_version(expected_version, document.version)
    check_step(DocumentState(document.state), state)
    document.state = state
    if state is DocumentState.handed_over:
        document.handed_over_on = on
    elif state is DocumentState.signed:
        document.signed_on = on
        document.handed_over_on = document.handed_over_on or on
    document.version += 1
    await session.flush()
    return document
