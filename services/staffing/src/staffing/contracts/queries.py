"""What is asked about documents and the association that gives them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from staffing.contracts.domain import DocumentIsNotMade, DocumentNotFound, DocumentState, EmployerIsNotDescribed
from staffing.contracts.tables import Document, EmployerDetails


async def get_employer(session: AsyncSession, organisation_id: UUID) -> EmployerDetails:
    """Who an association is before the law. Raises EmployerIsNotDescribed."""
    found = await session.get(EmployerDetails, organisation_id)
    if found is None:
        raise EmployerIsNotDescribed("Say first who the association is and how it is insured.")
    return found


async def lock_employer(session: AsyncSession, organisation_id: UUID) -> EmployerDetails | None:
    """Who an association is before the law, locked."""
    statement = select(EmployerDetails).where(EmployerDetails.organisation_id == organisation_id).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()


async def get_document(session: AsyncSession, document_id: UUID) -> Document:
    """One document without its file. Raises DocumentNotFound."""
    found = await session.get(Document, document_id)
    if found is None:
        raise DocumentNotFound
    return found


async def lock_document(session: AsyncSession, document_id: UUID) -> Document:
    """One document, locked. Raises DocumentNotFound."""
    statement = select(Document).where(Document.id == document_id).with_for_update()
    found = (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
    if found is None:
        raise DocumentNotFound
    return found


async def get_pdf(session: AsyncSession, document_id: UUID) -> bytes:
    """The file of a document. Raises DocumentNotFound, DocumentIsNotMade."""
    row = (await session.execute(select(Document.pdf).where(Document.id == document_id))).one_or_none()
    if row is None:
        raise DocumentNotFound
    if row.pdf is None:
        raise DocumentIsNotMade("The document is being made: try again in a moment.")
    return bytes(row.pdf)


async def list_documents(
    session: AsyncSession, *, person_id: UUID | None, state: DocumentState | None, after: UUID | None, limit: int
) -> Sequence[Document]:
    """One row more than the limit, in the order of ids, without the files."""
    statement = select(Document).order_by(Document.id).limit(limit + 1)
    if person_id is not None:
        statement = statement.where(Document.person_id == person_id)
    if state is not None:
        statement = statement.where(Document.state == state)
    if after is not None:
        statement = statement.where(Document.id > after)
    return (await session.scalars(statement)).all()
