"""When two records are one human."""

from __future__ import annotations

from uuid import UUID

import pytest

from notifications.recipients.domain import human_key


@pytest.mark.parametrize(
    ("email", "issuer", "subject", "key"),
    [
        ("a@example.org", "https://i", "s", "account:https://i|s"),
        (None, "https://i", "s", "account:https://i|s"),
        (" A@Example.org", None, None, "email:a@example.org"),
        ("a@example.org", "https://i", None, "email:a@example.org"),
        (None, None, None, f"recipient:{UUID(int=7)}"),
        ("", "", "", f"recipient:{UUID(int=7)}"),
    ],
)
def test_the_account_says_who_somebody_is_then_the_address(
    email: str | None, issuer: str | None, subject: str | None, key: str
) -> None:
    assert human_key(UUID(int=7), email, issuer, subject) == key
