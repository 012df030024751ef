"""Inviting, accepting, changing and ending memberships; each change announces the whole state.

Every change locks the organisation first: that is what keeps its last leader.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from access.principals import Account, Principal
from access.row_policies import act_for
from common.clock import now
from common.ids import new_id
from common.outbox import publish, publish_tombstone
from contracts.partners import MemberContactChanged, MembershipChanged
from partners.memberships import queries
from partners.memberships.domain import (
    INVITATION_LIFETIME,
    AlreadyInvited,
    AlreadyMember,
    InvitationNotValid,
    MembershipChangedMeanwhile,
    MembershipHasEnded,
    MembershipNotFound,
    MembershipState,
    Role,
    check_leader_remains,
    check_role_fits,
    code_fingerprint,
    is_invitation_open,
)
from partners.memberships.tables import Membership
from partners.organisations import queries as organisation_queries
from partners.organisations import use_cases as organisations

ANNOUNCED_AT_ONCE = 200


@dataclass(frozen=True)
class Invited:
    """The person to invite, and in which language he is written to."""

    display_name: str
    email: str
    language: str


async def invite_member(
    session: AsyncSession, caller: Principal, organisation_id: UUID, role: Role, person: Invited
) -> Membership:
    """Invite somebody to a role; the one-time code leaves only in the event that gets it mailed."""
    async with organisations.changing(session, caller, organisation_id) as organisation:
        check_role_fits(role, organisation.kind)
        if await queries.find_open_invitation(session, organisation_id, role, person.email, now()):
            raise AlreadyInvited("End that invitation to send another one.")
        code = secrets.token_urlsafe(32)
        membership = _new_membership(organisation_id, role, person)
        membership.state = MembershipState.invited
        membership.code_hash = code_fingerprint(code)
        membership.expires_at = membership.invited_at + INVITATION_LIFETIME
        session.add(membership)
        await _announce(session, membership, code)
        return membership


async def accept_invitation(session: AsyncSession, account: Account, code: str) -> Membership:
    """Link the account to the membership whose code it shows. Raises InvitationNotValid, never telling why."""
    invitation = await queries.find_invitation(session, code_fingerprint(code))
    if invitation is None:
        raise InvitationNotValid
    async with act_for(session, invitation.organisation_id, "the account shows the code of an invitation"):
        organisation = await organisation_queries.lock_organisation(session, invitation.organisation_id)
        membership = await queries.lock_membership(session, invitation.membership_id)
        still_open = is_invitation_open(MembershipState(membership.state), membership.expires_at, now())
        if organisation.ended_at is not None or not still_open:
            raise InvitationNotValid
        await _check_not_active(session, membership.organisation_id, Role(membership.role), account)
        _activate(membership, account)
        await _announce_change(session, membership)
        return membership


async def change_role(
    session: AsyncSession, caller: Principal, membership_id: UUID, version: int, role: Role
) -> Membership:
    """Give an invited or active member another role, if the membership is still at this version."""
    organisation_id = await _led_organisation_id(session, caller, membership_id)
    async with organisations.changing(session, caller, organisation_id) as organisation:
        membership = await queries.lock_membership(session, membership_id)
        if membership.version != version:
            raise MembershipChangedMeanwhile(f"It is at version {membership.version} now.")
        if membership.state == MembershipState.ended:
            raise MembershipHasEnded
        if membership.role == role:
            return membership
        check_role_fits(role, organisation.kind)
        await _check_leader_remains(session, membership)
        if membership.account_issuer is not None and membership.account_subject is not None:
            account = Account(membership.account_issuer, membership.account_subject)
            await _check_not_active(session, organisation_id, role, account)
        membership.role = role
        await _announce_change(session, membership)
        return membership


async def end_membership(session: AsyncSession, caller: Principal, membership_id: UUID) -> Membership:
    """End a membership or withdraw an invitation, once; leaders may, and the member himself."""
    async with _visible(session, caller, membership_id) as seen:
        await organisation_queries.lock_organisation(session, seen.organisation_id)
        membership = await queries.lock_membership(session, membership_id)
        if membership.state != MembershipState.ended:
            await _check_leader_remains(session, membership)
            await _end(session, membership)
        return membership


async def get_membership(session: AsyncSession, caller: Principal, membership_id: UUID) -> Membership:
    """A membership, for leaders of its organisation and for the member himself. Raises MembershipNotFound."""
    async with _visible(session, caller, membership_id) as membership:
        return membership


async def list_members(
    session: AsyncSession,
    caller: Principal,
    organisation_id: UUID,
    *,
    state: MembershipState | None,
    after: UUID | None,
    rows_max: int,
) -> Sequence[Membership]:
    """The memberships of an organisation, for its leaders. Raises OrganisationNotFound, NotItsLeader."""
    async with organisations.as_leader(session, caller, organisation_id):
        return await queries.list_memberships(session, organisation_id, state, after, rows_max)


async def end_every_membership(session: AsyncSession, organisation_id: UUID) -> int:
    """End all memberships of an organisation that has ended, its last leader's too; returns how many."""
    memberships = await queries.lock_unended_memberships(session, organisation_id)
    for membership in memberships:
        await _end(session, membership)
    return len(memberships)


async def grant_first_admin(
    session: AsyncSession,
    federation_name: str,
    slug: str,
    account: Account,
    *,
    display_name: str,
    email: str,
    language: str,
) -> UUID:
    """Make an account an active admin of the federation with this slug, founding it if need be; the membership's id.

    For the operator's command, in a transaction of the worker whose context names the actor. Again changes nothing.
    """
    federation_id = await organisations.find_or_found_federation(session, federation_name, slug, language)
    async with act_for(session, federation_id, "the operator grants the administration of a federation"):
        await organisation_queries.lock_organisation(session, federation_id)
        known = await queries.find_active(session, federation_id, Role.federation_admin, account)
        if known is not None:
            return known.id
        membership = _new_membership(federation_id, Role.federation_admin, Invited(display_name, email, language))
        _activate(membership, account)
        session.add(membership)
        await _announce(session, membership)
        return membership.id


async def erase_membership(session: AsyncSession, membership: Membership) -> None:
    """Delete a membership that has ended; every receiver forgets it."""
    await session.delete(membership)
    await session.flush()
    for state in (MembershipChanged, MemberContactChanged):
        await publish_tombstone(session, state, membership.id, membership.organisation_id)


async def announce_every_membership(session: AsyncSession) -> int:
    """Announce the present state of every membership in the transaction's context again; returns how many.

    For republishing: run it as the worker with a context that names all organisations, or a part of them per
    transaction. The code of an open invitation is not known any more, so it is not announced again.
    """
    memberships = await queries.lock_every_membership(session)
    for start in range(0, len(memberships), ANNOUNCED_AT_ONCE):
        batch = memberships[start : start + ANNOUNCED_AT_ONCE]
        await publish(session, *(event for membership in batch for event in membership_events(membership)))
    return len(memberships)


async def _led_organisation_id(session: AsyncSession, caller: Principal, membership_id: UUID) -> UUID:
    organisation_id = await queries.find_organisation_id(session, membership_id)
    if organisation_id is None or not await organisations.may_lead(session, caller, organisation_id):
        raise MembershipNotFound
    return organisation_id


@asynccontextmanager
async def _visible(session: AsyncSession, caller: Principal, membership_id: UUID) -> AsyncIterator[Membership]:
    """The membership, for leaders and for its own account; inside the block its organisation's rows may be written."""
    organisation_id = await queries.find_organisation_id(session, membership_id)
    if organisation_id is None:
        raise MembershipNotFound
    if await organisations.may_lead(session, caller, organisation_id):
        async with organisations.as_leader(session, caller, organisation_id):
            yield await _found(session, membership_id)
        return
    own = await _found(session, membership_id)
    async with act_for(session, organisation_id, "the account has this membership itself"):
        yield own
        await session.flush()


async def _found(session: AsyncSession, membership_id: UUID) -> Membership:
    membership = await queries.find_membership(session, membership_id)
    if membership is None:
        raise MembershipNotFound
    return membership


async def _check_not_active(session: AsyncSession, organisation_id: UUID, role: Role, account: Account) -> None:
    if await queries.find_active(session, organisation_id, role, account) is not None:
        raise AlreadyMember


async def _check_leader_remains(session: AsyncSession, membership: Membership) -> None:
    others = await queries.count_other_active(session, membership)
    check_leader_remains(Role(membership.role), MembershipState(membership.state), others)


def _new_membership(organisation_id: UUID, role: Role, person: Invited) -> Membership:
    return Membership(
        id=new_id(),
        organisation_id=organisation_id,
        version=1,
        role=role,
        display_name=person.display_name,
        email=person.email,
        language=person.language,
        invited_at=now(),
    )


def _activate(membership: Membership, account: Account) -> None:
    membership.state = MembershipState.active
    membership.account_issuer, membership.account_subject = account.issuer, account.subject
    membership.code_hash, membership.expires_at = None, None
    membership.accepted_at = now()


async def _end(session: AsyncSession, membership: Membership) -> None:
    membership.state, membership.ended_at = MembershipState.ended, now()
    membership.code_hash, membership.expires_at = None, None
    await _announce_change(session, membership)


async def _announce_change(session: AsyncSession, membership: Membership) -> None:
    membership.version += 1
    await _announce(session, membership)


async def _announce(session: AsyncSession, membership: Membership, code: str | None = None) -> None:
    await session.flush()
    await publish(session, *membership_events(membership, code))


def membership_events(
    membership: Membership, code: str | None = None
) -> tuple[MembershipChanged, MemberContactChanged]:
    """The membership as every service is told, and as notifications is told beside it."""
    shared = {
        "organisation_id": membership.organisation_id,
        "membership_id": membership.id,
        "version": membership.version,
        "role": membership.role,
        "state": membership.state,
        "account_issuer": membership.account_issuer,
        "account_subject": membership.account_subject,
    }
    contact = MemberContactChanged(
        **shared,
        display_name=membership.display_name,
        email=membership.email,
        language=membership.language,
        invitation_code=code,
    )
    return MembershipChanged(**shared), contact
