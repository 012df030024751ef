"""What an association gives its people in writing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.people.domain import day_of

DOCUMENT_KINDS = ("volunteer_note", "insurance_certificate", "contract_summary")
STEPS: Mapping[str, tuple[str, ...]] = {"made": ("handed_over", "void"), "handed_over": ("signed", "void")}
EMPLOYER_FIELDS = (
    "legal_name", "legal_form", "enterprise_number", "address", "social_purpose", "contact_name", "contact_role",
    "insurer_name", "policy_number",
)  # fmt: skip
ACCIDENT_FIELDS = ("accident_insurer_name", "accident_policy_number")


@dataclass(frozen=True)
class Document:
    """A document of somebody; its file is there once it is made."""

    id: str
    person_id: str
    version: int
    kind: str
    language: str
    state: str
    starts_on: date
    ends_on: date | None
    made_on: date | None
    handed_over_on: date | None
    signed_on: date | None

    @property
    def is_made(self) -> bool:
        """True when there is a file."""
        return self.made_on is not None

    @property
    def steps(self) -> tuple[str, ...]:
        """What may become of it now."""
        return STEPS.get(self.state, ())


def document_of(answer: Mapping[str, Any]) -> Document:
    """The document that the staffing service tells of."""
    plain = ("id", "person_id", "version", "kind", "language", "state")
    days = ("ends_on", "made_on", "handed_over_on", "signed_on")
    fields: dict[str, Any] = {name: answer[name] for name in plain}
    fields |= {name: day_of(answer[name]) for name in days}
    return Document(**fields, starts_on=date.fromisoformat(answer["starts_on"]))
