"""Paying what is owed from a bank app."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from portal.asking import Refused
from portal.directory.queries import get_directory
from portal.paying.domain import EURO
from portal.paying.queries import get_bill
from portal.payment_codes import draw_payment_code
from portal.visits import Visit

router = APIRouter()


@router.get("/household/payments/{due_id}/code.svg")
async def send_code(due_id: UUID, visitor: Visit) -> Response:
    """The code of one bill, with the amount that is owed now; for its own household."""
    bill = await get_bill(visitor, str(due_id), EURO)
    if not bill.can_be_scanned:
        raise Refused(404, "not-found", "The association has no bank account here", None)
    name = (await get_directory(visitor.asking)).name_of(bill.creditor_id)
    drawn = draw_payment_code(name, bill.iban, bill.amount_minor, bill.reference_shown)
    return Response(drawn, media_type="image/svg+xml")
