"""Questions about erasures."""

from __future__ import annotations

from portal.asking import Json, Refused, part
from portal.booking.queries import list_own_households
from portal.directory.domain import Organisation, Post
from portal.directory.queries import get_directory
from portal.erasures.domain import Receipt, Told, receipt_of, told_of
from portal.visits import Visitor


async def get_receipt(visitor: Visitor, code: str) -> Receipt:
    """What the code opens. Raises Refused (404)."""
    return receipt_of(await visitor.asking.get("activities", f"/erasures/{code}"))


async def get_name(visitor: Visitor, post: Post, subject: str, subject_id: str) -> str:
    """The name of whom the association shall erase. Raises Refused (404) for somebody of another association."""
    service, folder = ("staffing", "people") if subject == "worker" else ("activities", f"{subject}s")
    record = await visitor.asking.get(service, f"/{folder}/{subject_id}")
    if record["organisation_id"] != post.organisation.id:
        raise Refused(404, "not-found", "At home with another association", None)
    if subject == "participant":
        return f"{record['given_name']} {record['family_name']}"
    return str(record["name"] if subject == "household" else record["display_name"])


async def list_erasures(visitor: Visitor, post: Post) -> list[Told]:
    """The erasures of an association, the newest first."""
    found = await visitor.asking.list_all("activities", "/erasures", organisation_id=post.organisation.id)
    return [told_of(answer) for answer in reversed(found)]


async def list_keepers(visitor: Visitor) -> list[Organisation]:
    """The associations that keep something of the visitor, by name; none of a service that does not answer."""
    directory = await get_directory(visitor.asking)
    records: list[Json] = [
        *(await part(list_own_households(visitor), [])).value,
        *(await part(visitor.asking.get("staffing", "/people/mine"), [])).value,
        *(await part(visitor.asking.list_all("partners", "/memberships/mine"), [])).value,
    ]
    found = {directory.by_id.get(record["organisation_id"]) for record in records}
    return sorted((one for one in found if one is not None), key=lambda one: one.name)
