"""Whom somebody must tell by hand."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from portal.messages.domain import message_to_tell_of, oldest_first
from tests.portal import answers

BRUSSELS = ZoneInfo("Europe/Brussels")


def test_who_waits_longest_is_told_first() -> None:
    found = [
        message_to_tell_of(answers.to_tell(subject=subject, created_at=f"2090-11-{day}T10:00:00Z"), BRUSSELS)
        for subject, day in (("later", 21), ("earlier", 20))
    ]
    assert [message.subject for message in oldest_first(found)] == ["earlier", "later"]


def test_a_message_is_told_on_the_clock_of_the_association() -> None:
    message = message_to_tell_of(answers.to_tell(recipient_name=None), BRUSSELS)
    assert (message.written_at.hour, message.recipient_name, message.is_failed) == (11, "–", False)
