"""Secret addresses: who has one reads what is there without signing in, and only a digest of its secret is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import LargeBinary, inspect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from common.clock import now

SECRET_BYTES = 32


class SecretAddress:
    """The columns of a table of secret addresses, whose primary key is what each of them shows."""

    organisation_id: Mapped[UUID]
    secret_digest: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]


Address = TypeVar("Address", bound=SecretAddress)


def digest_of(secret: str) -> bytes:
    """SHA-256, all that is kept of a secret; it is random, so no salt is needed."""
    return hashlib.sha256(secret.encode()).digest()


async def make_address(
    session: AsyncSession, table: type[Address], shown_id: UUID, organisation_id: UUID
) -> tuple[Address, str]:
    """A new address and its secret, told this once; an earlier one stops working. What it shows must be locked."""
    await withdraw_address(session, table, shown_id)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    address = table()
    setattr(address, inspect(table).primary_key[0].name, shown_id)
    address.organisation_id, address.secret_digest, address.made_at = organisation_id, digest_of(secret), now()
    session.add(address)
    await session.flush()
    return address, secret


async def withdraw_address(session: AsyncSession, table: type[Address], shown_id: UUID) -> bool:
    """Let the address show nothing from this moment on; False when there is none."""
    address = await session.get(table, shown_id, with_for_update=True, populate_existing=True)
    if address is None:
        return False
    await session.delete(address)
    await session.flush()
    return True
