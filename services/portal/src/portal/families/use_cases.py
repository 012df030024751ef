"""What the team writes down for a family that calls or stands at the desk."""

from __future__ import annotations

from portal.asking import Json
from portal.contacts.use_cases import read_contact, read_member
from portal.directory.domain import Post
from portal.entries import Entries
from portal.families.domain import NewFamily, key_of, used_rows
from portal.languages import translate
from portal.visits import Visitor


def read_reached(entries: Entries) -> Json:
    """What a form of the team says of a contact, who can be reached somehow."""
    contact = read_contact(entries)
    if not contact["email"] and not contact["phone"]:
        entries.refuse("phone", translate("Enter a telephone number or an e-mail address."))
    return contact


def read_family(entries: Entries) -> NewFamily:
    """A whole family in one form; who has no family name of their own has that of the family."""
    name = entries.text("name")
    contact = read_reached(entries)
    rows = used_rows(dict(entries.form.fields))
    return NewFamily(name, contact, [read_member(entries, row, name or "–") for row in rows])


async def enter_family(visitor: Visitor, post: Post, family: NewFamily, key: str) -> str:
    """Record a household, its contact and its members, once for a key; says which household it is.

    Raises Refused or Unavailable; what was recorded before stays, and the form may be sent again.
    """
    own = {"organisation_id": post.organisation.id}
    household = await _record(visitor, "/households", {**own, "name": family.name}, key, "household")
    household_id = str(household["id"])
    await _record(visitor, f"/households/{household_id}/contacts", dict(family.contact), key, "contact")
    for number, member in enumerate(family.members):
        body = {**own, "household_id": household_id, **member}
        await _record(visitor, "/participants", body, key, f"member {number}")
    return household_id


async def _record(visitor: Visitor, path: str, body: Json, key: str, step: str) -> Json:
    return await visitor.asking.create("activities", path, body, key_of(key, step, body))


async def add_contact(visitor: Visitor, household_id: str, contact: Json, key: str) -> None:
    """One more contact of a household, once for a key. Raises Refused or Unavailable."""
    await visitor.asking.create("activities", f"/households/{household_id}/contacts", contact, key)


async def rename_household(visitor: Visitor, household_id: str, name: str, version: int) -> None:
    """Give a household another name. Raises Refused or Unavailable."""
    await visitor.asking.change("PATCH", "activities", f"/households/{household_id}", {"name": name}, version)


async def send_link_code(visitor: Visitor, contact_id: str) -> None:
    """Send a contact the code that links an account. Raises Refused or Unavailable."""
    await visitor.asking.do("activities", f"/contacts/{contact_id}/link-code")


async def write_link_code(visitor: Visitor, contact_id: str) -> str:
    """The code that links an account, to hand over; an earlier one works no more. Raises Refused or Unavailable."""
    return str((await visitor.asking.do("activities", f"/contacts/{contact_id}/paper-code"))["code"])


async def unlink_account(visitor: Visitor, contact_id: str) -> None:
    """Take the family away from a contact's account. Raises Refused or Unavailable."""
    await visitor.asking.remove("activities", f"/contacts/{contact_id}/account")
