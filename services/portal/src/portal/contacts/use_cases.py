"""What a household says of itself, and what its association writes down for it."""

from __future__ import annotations

import re
from datetime import date

from portal.asking import Json
from portal.entries import Entries
from portal.home_clock import home_today
from portal.languages import LANGUAGES, translate
from portal.visits import Visitor

CHANNELS = ("email", "phone")
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
PHONE = re.compile(r"^[0-9+()/. -]{3,}$")
BORN_FROM = date(1900, 1, 1)


def read_contact(entries: Entries) -> Json:
    """What a form says of a contact; what was left empty is None."""
    email = entries.text("email", required=False, characters_max=254)
    if email and not EMAIL.match(email):
        entries.refuse("email", translate("Enter an e-mail address."))
    phone = entries.text("phone", required=False, characters_max=40)
    if phone and not PHONE.match(phone):
        entries.refuse("phone", translate("Enter a telephone number."))
    by_phone = entries.choice("channel", CHANNELS) == "phone"
    if by_phone and not phone:
        entries.refuse("phone", translate("Enter the number that shall be called."))
    return {
        "display_name": entries.text("display_name"),
        "email": email or None,
        "phone": phone or None,
        "prefers_phone": by_phone,
        "language": entries.choice("language", LANGUAGES),
    }


def read_member(entries: Entries, row: str = "", family_name: str = "") -> Json:
    """What a form says of a member; `row` ends the names of its fields, `family_name` stands where none was entered."""
    born_on = entries.day(f"born_on{row}") if entries.form.get(f"born_on{row}") else None
    if born_on and born_on > home_today():
        entries.refuse(f"born_on{row}", translate("This day has not come yet."))
    if born_on and born_on < BORN_FROM:
        entries.refuse(f"born_on{row}", translate("Enter a day."))
    return {
        "given_name": entries.text(f"given_name{row}"),
        "family_name": entries.text(f"family_name{row}", required=not family_name) or family_name,
        "born_on": born_on.isoformat() if born_on else None,
    }


async def change_contact(visitor: Visitor, contact_id: str, fields: Json, version: int) -> None:
    """Change how a contact is told things. Raises Refused or Unavailable."""
    await visitor.asking.change("PATCH", "activities", f"/contacts/{contact_id}", fields, version)


async def change_member(visitor: Visitor, participant_id: str, fields: Json, version: int) -> None:
    """Correct a name or a date of birth. Raises Refused or Unavailable."""
    await visitor.asking.change("PATCH", "activities", f"/participants/{participant_id}", fields, version)


async def add_member(visitor: Visitor, household: Json, fields: Json, key: str) -> None:
    """One more member of a household, once for a key. Raises Refused or Unavailable."""
    belongs = {"organisation_id": household["organisation_id"], "household_id": household["id"]}
    await visitor.asking.create("activities", "/participants", {**belongs, **fields}, key)
