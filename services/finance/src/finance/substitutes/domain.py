"""What a substitute costs more than the one who is absent, as staffing says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class ExtraCost:
    """Money that an association has to spend for an activity, because somebody else does a shift; `day` is its day."""

    assignment_id: UUID
    version: int
    organisation_id: UUID
    activity_id: UUID
    title: str
    amount_minor: int
    currency: str
    day: date
    role: str

    @property
    def label(self) -> str:
        """How the spending is called, in any language."""
        return f"{self.title}, {self.day.isoformat()}: {self.role}"
