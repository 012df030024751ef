"""Documents are set outside any transaction: facts are read in one, the file is kept in another."""

from __future__ import annotations

import asyncio

from common.database import Database
from common.due_rows import DueRow, complete
from staffing.contracts import use_cases
from staffing.contracts.domain import DocumentKind
from staffing.contracts.outside import render
from staffing.contracts.queries import get_document


async def render_document(database: Database, due: DueRow) -> None:
    """Make the file of one document."""
    async with database.transaction(due.context) as session:
        document = await get_document(session, due.subject_id)
        kind, language, facts = DocumentKind(document.kind), document.language, use_cases.facts_of(document)
    pdf = await asyncio.to_thread(render, kind, language, facts)
    async with database.transaction(due.context) as session:
        await use_cases.keep_pdf(session, due.subject_id, pdf)
        await complete(session, due.kind, due.subject_id)
