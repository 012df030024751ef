"""Attestations are set outside any transaction: facts are read in one, the file is kept in another."""

from __future__ import annotations

import asyncio

from activities.attestations import use_cases
from activities.attestations.domain import UnknownAttestation, facts_of
from activities.attestations.outside import render
from activities.attestations.queries import get_attestation
from common.database import Database
from common.due_rows import DueRow, complete


async def render_attestation(database: Database, due: DueRow) -> None:
    """Make the file of one attestation; none of one that was erased meanwhile."""
    try:
        async with database.transaction(due.context) as session:
            attestation = await get_attestation(session, due.subject_id)
            language, facts = attestation.language, facts_of(attestation.facts)
        pdf = await asyncio.to_thread(render, language, facts)
        async with database.transaction(due.context) as session:
            await use_cases.keep_pdf(session, due.subject_id, pdf)
            await complete(session, due.kind, due.subject_id)
    except UnknownAttestation:
        async with database.transaction(due.context) as session:
            await complete(session, due.kind, due.subject_id)
