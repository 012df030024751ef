"""What every event is: an immutable fact with a wire name, a topic and the key that keeps its order."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

MinorUnits = Annotated[int, Field(strict=True, ge=-(2**53), le=2**53)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Instant = AwareDatetime

EVENTS: dict[str, type[Event]] = {}


class Fact(BaseModel):
    """A frozen value inside an event; fields that a later release adds are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Event(Fact):
    """A fact that one service publishes. `organisation_id` is the organisation that the row belongs to."""

    wire_type: ClassVar[str]
    topic: ClassVar[str]
    key_field: ClassVar[str]

    organisation_id: UUID

    def __init_subclass__(cls, *, wire_type: str = "", topic: str = "", key: str = "", **options: Any) -> None:
        """Register the class under its wire name; an abstract base gives no wire name."""
        super().__init_subclass__(**options)
        if not wire_type:
            return
        if wire_type in EVENTS:
            raise TypeError(f"two events share the wire type {wire_type}")
        cls.wire_type, cls.topic, cls.key_field = wire_type, topic, key
        EVENTS[wire_type] = cls

    @property
    def key(self) -> UUID:
        """The aggregate's id: events of one key keep their order."""
        value = getattr(self, self.key_field)
        assert isinstance(value, UUID)
        return value


class Envelope(Fact):
    """The CloudEvents attributes that travel as Kafka headers beside the payload."""

    id: UUID
    type: str
    source: str
    time: datetime
    subject: str
    organisation: UUID
    traceparent: str | None = None
