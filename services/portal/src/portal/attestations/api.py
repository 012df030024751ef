"""The documents of our family: attestations of attendance, asked for and downloaded."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from common.ids import new_id
from portal.asking import Refused, part
from portal.attestations import use_cases
from portal.attestations.queries import get_pdf, list_attestable
from portal.directory.queries import get_directory
from portal.entries import Entries
from portal.pages import go, show
from portal.visits import SignedForm, Visit, Visitor, is_id

router = APIRouter()
DOCUMENTS = "/household/documents"


@router.get(DOCUMENTS)
async def show_documents(visitor: Visit) -> HTMLResponse:
    """What can be attested, and the files."""
    return await _show(visitor)


@router.post(DOCUMENTS)
async def ask_for_attestation(visitor: Visit, form: SignedForm) -> Response:
    """Have an attestation made."""
    year = Entries(form).number("year", 2000, 2200)
    participant_id, organiser_id = form.get("participant"), form.get("organiser")
    if year is None or not is_id(participant_id) or not is_id(organiser_id):
        raise Refused(404, "not-found", "There is no such attestation", None)
    wanted = {"participant_id": participant_id, "organiser_id": organiser_id, "year": year}
    try:
        await use_cases.ask_for_attestation(visitor, wanted, form.get("key"))
    except Refused as problem:
        return await _show(visitor, problem)
    return go(DOCUMENTS)


@router.get(f"{DOCUMENTS}/{{attestation_id}}.pdf")
async def send_pdf(attestation_id: UUID, visitor: Visit) -> Response:
    """The file, for who answers for the family."""
    _ = visitor.person
    pdf = await get_pdf(visitor, str(attestation_id))
    headers = {"Content-Disposition": f'attachment; filename="{attestation_id}.pdf"', "Cache-Control": "no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)


async def _show(visitor: Visitor, problem: Refused | None = None) -> HTMLResponse:
    _ = visitor.person
    attestable = await part(list_attestable(visitor), [])
    return await show(
        visitor,
        "attestations/documents.html",
        status=problem.status if problem else 200,
        attestable=attestable,
        is_being_made=any(one.is_being_made for one in attestable.value),
        directory=await get_directory(visitor.asking),
        problem=problem,
        key=str(new_id()),
    )
