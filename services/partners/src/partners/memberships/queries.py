"""What is asked about memberships. A row is visible to its organisation's context, and to the account it names."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, literal_column, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from access.erasing import DIGEST
from access.principals import Account
from partners.memberships.domain import MembershipState, Role
from partners.memberships.tables import Membership

ACCOUNT_DIGEST = DIGEST.format("account_issuer || '|' || account_subject")
ORGANISATION_OF = text("select organisation_of_membership(:membership_id)")
INVITATION_OF = text("select membership_id, organisation_id from invitation_of_code(:code_hash)")


async def find_organisation_id(session: AsyncSession, membership_id: UUID) -> UUID | None:
    """The organisation of any membership, visible or not: the caller's right is checked against it."""
    found: UUID | None = await session.scalar(ORGANISATION_OF, {"membership_id": membership_id})
    return found


async def find_invitation(session: AsyncSession, code_hash: bytes) -> Row[Any] | None:
    """The ids of the invited membership that has this code, and of its organisation."""
    return (await session.execute(INVITATION_OF, {"code_hash": code_hash})).one_or_none()


async def find_membership(session: AsyncSession, membership_id: UUID) -> Membership | None:
    """The membership, where the context or the acting account may see it."""
    return await session.scalar(select(Membership).where(Membership.id == membership_id))


async def lock_membership(session: AsyncSession, membership_id: UUID) -> Membership:
    """The membership as it is now, held until the transaction ends; its organisation is locked before."""
    statement = select(Membership).where(Membership.id == membership_id).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).one()


async def lock_unended_memberships(session: AsyncSession, organisation_id: UUID) -> Sequence[Membership]:
    """The invited and active memberships of an organisation, in order of their ids."""
    statement = select(Membership).where(
        Membership.organisation_id == organisation_id, Membership.state != MembershipState.ended
    )
    return (await session.scalars(statement.order_by(Membership.id).with_for_update())).all()


async def lock_every_membership(session: AsyncSession) -> Sequence[Membership]:
    """The memberships that the transaction may write, in order of their ids."""
    return (await session.scalars(select(Membership).order_by(Membership.id).with_for_update())).all()


async def count_other_active(session: AsyncSession, membership: Membership) -> int:
    """How many others are active in the same role; certain while the organisation is locked."""
    statement = select(func.count()).where(
        Membership.organisation_id == membership.organisation_id,
        Membership.role == membership.role,
        Membership.state == MembershipState.active,
        Membership.id != membership.id,
    )
    return (await session.execute(statement)).scalar_one()


async def find_active(session: AsyncSession, organisation_id: UUID, role: Role, account: Account) -> Membership | None:
    """The active membership of an account in a role."""
    return await session.scalar(
        _of_account(account).where(
            Membership.organisation_id == organisation_id,
            Membership.role == role,
            Membership.state == MembershipState.active,
        )
    )


async def find_open_invitation(
    session: AsyncSession, organisation_id: UUID, role: Role, email: str, moment: datetime
) -> Membership | None:
    """An invitation to the role that was sent to the address and can still be accepted."""
    return await session.scalar(
        select(Membership)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role == role,
            Membership.state == MembershipState.invited,
            func.lower(Membership.email) == email.lower(),
            Membership.expires_at > moment,
        )
        .limit(1)
    )


async def list_memberships(
    session: AsyncSession, organisation_id: UUID, state: MembershipState | None, after: UUID | None, rows_max: int
) -> Sequence[Membership]:
    """The memberships of an organisation in order of their ids, those after `after`."""
    statement = select(Membership).where(Membership.organisation_id == organisation_id)
    if state is not None:
        statement = statement.where(Membership.state == state)
    return await _page(session, statement, after, rows_max)


async def list_memberships_of_account(
    session: AsyncSession, account: Account, after: UUID | None, rows_max: int
) -> Sequence[Membership]:
    """The memberships that an account has accepted, ended ones too, in order of their ids."""
    return await _page(session, _of_account(account), after, rows_max)


def _of_account(account: Account) -> Select[Membership]:
    return select(Membership).where(
        Membership.account_issuer == account.issuer, Membership.account_subject == account.subject
    )


async def _page(
    session: AsyncSession, statement: Select[Membership], after: UUID | None, rows_max: int
) -> Sequence[Membership]:
    if after is not None:
        statement = statement.where(Membership.id > after)
    return (await session.scalars(statement.order_by(Membership.id).limit(rows_max))).all()


async def lock_memberships_of_ids(
    session: AsyncSession, organisation_id: UUID, membership_ids: Collection[UUID]
) -> Sequence[Membership]:
    """These memberships of an organisation, in order of their ids."""
    statement = select(Membership).where(
        Membership.organisation_id == organisation_id, Membership.id.in_(membership_ids)
    )
    return (await session.scalars(statement.order_by(Membership.id).with_for_update())).all()


async def list_other_names(session: AsyncSession, organisation_id: UUID, membership_ids: Collection[UUID]) -> set[str]:
    """The names that the other memberships of an organisation bear."""
    statement = select(Membership.display_name).where(
        Membership.organisation_id == organisation_id, Membership.id.not_in(membership_ids)
    )
    return set((await session.scalars(statement)).all())


async def lock_memberships_of_digests(
    session: AsyncSession, organisation_id: UUID, account_digests: Collection[str]
) -> Sequence[Membership]:
    """The memberships of an organisation that these accounts hold or held, in order of their ids."""
    statement = select(Membership).where(
        Membership.organisation_id == organisation_id, literal_column(ACCOUNT_DIGEST).in_(account_digests)
    )
    return (await session.scalars(statement.order_by(Membership.id).with_for_update())).all()
