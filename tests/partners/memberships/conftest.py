"""Members as they come to be: invited by a leader, accepted with the code of the mail."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from access.principals import Account, Principal
from access.roles import LEADERS
from common.database import apply_context
from contracts.partners import MemberContactChanged
from contracts.partners import Role as WireRole
from partners.memberships import use_cases
from partners.memberships.domain import Role
from tests.conftest import ServiceDatabases
from tests.partners.conftest import Founded, new_account, principal

CLAIRE = use_cases.Invited("Claire Dubois", "claire@example.org", "fr")
CONTACTS_OF = text("select payload from outbox_events where key = :key and wire_type = :wire_type order by id")


@dataclass(frozen=True)
class Member:
    """Somebody who accepted an invitation."""

    membership_id: UUID
    principal: Principal


async def sent_code(engine: AsyncEngine, membership_id: UUID) -> str:
    """The code that an invitation sends to its mailbox, as notifications gets it."""
    async with engine.connect() as connection:
        values = {"key": membership_id, "wire_type": MemberContactChanged.wire_type}
        payload = (await connection.execute(CONTACTS_OF, values)).scalars().first()
    code = MemberContactChanged.model_validate_json(payload or "").invitation_code
    assert code is not None
    return code


async def invited(
    databases: ServiceDatabases, ours: Founded, role: Role, person: use_cases.Invited = CLAIRE
) -> tuple[UUID, str]:
    """An open invitation, committed: the membership's id, and the code of the mail."""
    async with AsyncSession(databases.engine("api"), expire_on_commit=False) as session, session.begin():
        await apply_context(session, ours.admin.context(LEADERS))
        membership = await use_cases.invite_member(session, ours.admin, ours.association_id, role, person)
    return membership.id, await sent_code(databases.engine("api"), membership.id)


async def joined(databases: ServiceDatabases, ours: Founded, role: Role, account: Account | None = None) -> Member:
    """An active member of the association, committed."""
    account = account or new_account()
    person = use_cases.Invited(account.subject, f"{account.subject}@example.org", "nl")
    membership_id, code = await invited(databases, ours, role, person)
    async with AsyncSession(databases.engine("api")) as session, session.begin():
        await apply_context(session, Principal(account).context())
        await use_cases.accept_invitation(session, account, code)
    return Member(membership_id, principal((ours.association_id, WireRole(role)), account=account))
