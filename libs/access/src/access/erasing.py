"""Erasing a person from what no feature owns: announced states, stored answers, and who did what.

The audit trail keeps that something was done and when; "erased" stands where the account was named,
unless it still acts for the association.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from access.principals import Account
from common.outbox import TOMBSTONE
from contracts.event import Event

ERASED_ACTOR = "erased"
GONE = '{"type": "about:blank", "title": "What this request made was erased", "status": 410}'
DIGEST = "encode(sha256(convert_to({}, 'UTF8')), 'hex')"
"""`account_digest` in SQL."""

DDL = (
    f"""create function erase_traces(organisation uuid, keys uuid[], topics text[], account_digests text[])
        returns bigint language plpgsql security definer set search_path = public as $$
        declare announced bigint; parked bigint; answered bigint; done bigint;
        begin
          update outbox_events set payload = '{TOMBSTONE}'
           where outbox_events.key = any(keys) and topic = any(topics) and organisation_id = organisation
             and payload <> '{TOMBSTONE}';
          get diagnostics announced = row_count;
          update parked_events set payload = null
           where event_key = any(keys::text[]) and topic = any(topics) and payload is not null;
          get diagnostics parked = row_count;
          update idempotency_keys set status = 410, answer = '{GONE}'
           where answer is json object and answer::jsonb ->> 'id' = any(keys::text[]);
          get diagnostics answered = row_count;
          update audit_entries set actor = '{ERASED_ACTOR}'
           where organisation_id = organisation and {DIGEST.format("actor")} = any(account_digests)
             and not exists (select from known_memberships office where office.organisation_id = organisation
                                and office.state = 'active'
                                and office.account_issuer || '|' || office.account_subject = actor);
          get diagnostics done = row_count;
          return announced + parked + answered + done;
        end $$""",
    "revoke all on function erase_traces(uuid, uuid[], text[], text[]) from public",
    "grant execute on function erase_traces(uuid, uuid[], text[], text[]) to {service}_worker",
)
ERASE_TRACES = text("select erase_traces(:organisation_id, :keys, :topics, :account_digests)")


def account_digest(account: Account) -> str:
    """What stands for an account where its name shall not be kept."""
    return hashlib.sha256(str(account).encode()).hexdigest()


async def erase_traces(
    session: AsyncSession,
    organisation_id: UUID,
    keys: Collection[UUID],
    states: Collection[type[Event]],
    account_digests: Collection[str],
) -> int:
    """Erase what was announced as `states` of these keys, answered about them, or done by these accounts; how many.

    The caller has checked that the keys are the organisation's. An announcement that is published again ends its key.
    """
    values = {
        "organisation_id": organisation_id,
        "keys": list(keys),
        "topics": sorted({event.topic for event in states}),
        "account_digests": list(account_digests),
    }
    return int((await session.execute(ERASE_TRACES, values)).scalar_one())
