"""Founding, changing, joining and ending organisations; each change announces the whole state."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from access.principals import Principal
from access.roles import FEDERATION_OFFICE, LEADERS
from access.row_policies import act_for
from common.clock import now
from common.ids import new_id
from common.outbox import publish
from contracts.partners import OrganisationChanged
from partners.organisations import queries
from partners.organisations.domain import (
    Consent,
    FederationHasMembers,
    MisplacedOrganisation,
    NotItsLeader,
    OrganisationChangedMeanwhile,
    OrganisationHasEnded,
    OrganisationKind,
    OrganisationNotFound,
    Profile,
    SlugTaken,
    Standing,
    can_lead,
    check_may_end,
    check_may_found,
    check_placement,
    check_position,
    check_time_zone,
    compact_enterprise_number,
    compact_iban,
    consent_of,
)
from partners.organisations.tables import FederationConsent, Organisation

ANNOUNCED_AT_ONCE = 500
LEADS_FEDERATION = "the account administers a federation that the organisation belongs to"


@dataclass(frozen=True)
class Joining:
    """An organisation after one side agreed that it joins a federation, and what both sides have agreed."""

    organisation: Organisation
    consent: Consent


def standing_of(caller: Principal) -> Standing:
    """What the account leads."""
    return Standing(leads=caller.organisations(LEADERS), administers=caller.organisations(FEDERATION_OFFICE))


async def get_organisation(session: AsyncSession, organisation_id: UUID) -> Organisation:
    """The organisation, as the directory shows it. Raises OrganisationNotFound."""
    organisation = await queries.find_organisation(session, organisation_id)
    if organisation is None:
        raise OrganisationNotFound
    return organisation


async def may_lead(session: AsyncSession, caller: Principal, organisation_id: UUID) -> bool:
    """True when the caller leads the organisation or, by our own tables, a federation of it."""
    organisation = await get_organisation(session, organisation_id)
    federation_ids = await queries.find_federation_ids(session, organisation)
    return can_lead(standing_of(caller), organisation.organisation_id, federation_ids)


@asynccontextmanager
async def as_leader(session: AsyncSession, caller: Principal, organisation_id: UUID) -> AsyncIterator[Organisation]:
    """The organisation for one of its leaders; inside the block its rows are visible and may be written.

    The transaction's context names what the caller leads himself; an admin of a federation acts for the organisation.
    Raises OrganisationNotFound, NotItsLeader.
    """
    organisation = await get_organisation(session, organisation_id)
    if not await may_lead(session, caller, organisation_id):
        raise NotItsLeader
    if organisation.organisation_id in standing_of(caller).leads:
        yield organisation
        return
    async with act_for(session, organisation.organisation_id, LEADS_FEDERATION):
        yield organisation
        await session.flush()


@asynccontextmanager
async def changing(session: AsyncSession, caller: Principal, organisation_id: UUID) -> AsyncIterator[Organisation]:
    """As `as_leader`, with the organisation locked, so that its changes happen one after the other.

    Raises OrganisationHasEnded too.
    """
    async with as_leader(session, caller, organisation_id):
        organisation = await queries.lock_organisation(session, organisation_id)
        _check_not_ended(organisation)
        yield organisation


async def find_or_found_federation(session: AsyncSession, name: str, slug: str, language: str) -> UUID:
    """The federation with this slug, founded if need be: for the operator's command, no account may.

    Its admins change the rest of the profile afterwards.
    """
    known = await queries.find_organisation_by_slug(session, slug)
    if known is not None:
        if known.kind != OrganisationKind.federation:
            raise SlugTaken("The slug is that of another kind of organisation.")
        _check_not_ended(known)
        return known.id
    federation_id = new_id()
    profile = Profile(name, slug, "Europe/Brussels", "EUR", "BE-FWB", (language,))
    async with act_for(session, federation_id, "the operator founds a federation"):
        await _insert(session, OrganisationKind.federation, profile, federation_id)
    return federation_id


async def found_organisation(
    session: AsyncSession,
    caller: Principal,
    kind: OrganisationKind,
    profile: Profile,
    *,
    federation_ids: Collection[UUID],
    parent_id: UUID | None,
) -> Organisation:
    """Found an association or outside partner of federations, or open a site of an association."""
    check_placement(kind, federation_ids, parent_id)
    if parent_id is not None:
        return await _open_site(session, caller, profile, parent_id)
    wanted_ids = list(dict.fromkeys(federation_ids))
    check_may_found(standing_of(caller), wanted_ids)
    if len(await queries.lock_unended_federations(session, wanted_ids)) < len(wanted_ids):
        raise MisplacedOrganisation("One of the named federations does not exist or has ended.")
    organisation_id = new_id()
    async with act_for(session, organisation_id, "the account administers every federation of the new organisation"):
        return await _insert(session, kind, profile, organisation_id, federation_ids=wanted_ids)


async def _open_site(session: AsyncSession, caller: Principal, profile: Profile, parent_id: UUID) -> Organisation:
    async with changing(session, caller, parent_id) as parent:
        if parent.kind != OrganisationKind.association:
            raise MisplacedOrganisation("The parent of a site is an association.")
        return await _insert(session, OrganisationKind.site, profile, new_id(), parent_id=parent_id)


async def _insert(
    session: AsyncSession,
    kind: OrganisationKind,
    profile: Profile,
    organisation_id: UUID,
    *,
    federation_ids: Collection[UUID] = (),
    parent_id: UUID | None = None,
) -> Organisation:
    check_time_zone(profile.time_zone)
    check_position(profile.latitude, profile.longitude)
    values = {
        **asdict(profile),
        "id": organisation_id,
        "organisation_id": parent_id or organisation_id,
        "version": 1,
        "kind": kind,
        "languages": list(dict.fromkeys(profile.languages)),
        "enterprise_number": compact_enterprise_number(profile.enterprise_number, profile.jurisdiction),
        "iban": compact_iban(profile.iban),
        "federation_ids": list(federation_ids),
        "parent_id": parent_id,
    }
    statement = insert(Organisation).values(values).on_conflict_do_nothing(index_elements=["slug"])
    organisation = (await session.scalars(statement.returning(Organisation))).one_or_none()
    if organisation is None:
        raise SlugTaken("Choose another slug.")
    await publish(session, organisation_changed(organisation))
    return organisation


async def change_organisation(
    session: AsyncSession, caller: Principal, organisation_id: UUID, version: int, changes: Mapping[str, object]
) -> Organisation:
    """Give fields of the profile new values, if the organisation is still at this version."""
    async with changing(session, caller, organisation_id) as organisation:
        if organisation.version != version:
            raise OrganisationChangedMeanwhile(f"It is at version {organisation.version} now.")
        for name, value in changes.items():
            setattr(organisation, name, value)
        check_time_zone(organisation.time_zone)
        check_position(organisation.latitude, organisation.longitude)
        organisation.languages = list(dict.fromkeys(organisation.languages))
        organisation.enterprise_number = compact_enterprise_number(
            organisation.enterprise_number, organisation.jurisdiction
        )
        organisation.iban = compact_iban(organisation.iban)
        await _announce_change(session, organisation)
        return organisation


async def join_federation(
    session: AsyncSession, caller: Principal, organisation_id: UUID, federation_id: UUID
) -> Joining:
    """Agree, for the sides that the caller may speak for, that an organisation joins a federation.

    It joins when both sides have agreed: a leader of the organisation, and an admin of the federation.
    """
    organisation = await get_organisation(session, organisation_id)
    federation = await get_organisation(session, federation_id)
    if federation.kind != OrganisationKind.federation or federation.ended_at is not None:
        raise MisplacedOrganisation("Only a federation that has not ended can be joined.")
    if organisation.kind not in (OrganisationKind.association, OrganisationKind.outside_partner):
        raise MisplacedOrganisation("Associations and outside partners join a federation.")
    given = consent_of(standing_of(caller), organisation_id, organisation.federation_ids, federation_id)
    async with act_for(session, organisation_id, "one side agrees to a joining"):
        organisation = await queries.lock_organisation(session, organisation_id)
        _check_not_ended(organisation)
        if federation_id in organisation.federation_ids:
            return Joining(organisation, Consent(by_organisation=True, by_federation=True))
        consent = await _record_consent(session, organisation_id, federation_id, given)
        if consent.is_complete:
            organisation.federation_ids = [*organisation.federation_ids, federation_id]
            await _announce_change(session, organisation)
        return Joining(organisation, consent)


async def _record_consent(session: AsyncSession, organisation_id: UUID, federation_id: UUID, given: Consent) -> Consent:
    record = await queries.find_consent(session, organisation_id, federation_id)
    if record is None:
        record = FederationConsent(id=new_id(), organisation_id=organisation_id, federation_id=federation_id)
        session.add(record)
    if given.by_organisation and record.organisation_agreed_at is None:
        record.organisation_agreed_at = now()
    if given.by_federation and record.federation_agreed_at is None:
        record.federation_agreed_at = now()
    await session.flush()
    return Consent(record.organisation_agreed_at is not None, record.federation_agreed_at is not None)


async def end_organisation(session: AsyncSession, caller: Principal, organisation_id: UUID) -> Organisation:
    """End an organisation and its sites, once; its memberships end by the event."""
    async with as_leader(session, caller, organisation_id) as found:
        federation_ids = await queries.find_federation_ids(session, found)
        check_may_end(standing_of(caller), found.organisation_id, federation_ids)
        organisation = await queries.lock_organisation(session, organisation_id)
        if organisation.ended_at is not None:
            return organisation
        if await queries.has_unended_members(session, organisation_id):
            raise FederationHasMembers("End the organisations that belong to it first.")
        for ending in (*await queries.lock_unended_sites(session, organisation_id), organisation):
            ending.ended_at = now()
            await _announce_change(session, ending)
        return organisation


async def announce_every_organisation(session: AsyncSession) -> int:
    """Announce the present state of every organisation in the transaction's context again; returns how many.

    For republishing: run it as the worker with a context that names all of `queries.list_organisation_ids`, or a part
    of them per transaction. A site is announced with its association. The rows are locked, so that no older state
    follows a newer one.
    """
    organisations = await queries.lock_every_organisation(session)
    for start in range(0, len(organisations), ANNOUNCED_AT_ONCE):
        batch = organisations[start : start + ANNOUNCED_AT_ONCE]
        await publish(session, *(organisation_changed(organisation) for organisation in batch))
    return len(organisations)


def _check_not_ended(organisation: Organisation) -> None:
    if organisation.ended_at is not None:
        raise OrganisationHasEnded


async def _announce_change(session: AsyncSession, organisation: Organisation) -> None:
    organisation.version += 1
    await session.flush()
    await publish(session, organisation_changed(organisation))


def organisation_changed(organisation: Organisation) -> OrganisationChanged:
    """The organisation as others are told; the event of a site carries the site's own id."""
    return OrganisationChanged(
        organisation_id=organisation.id,
        version=organisation.version,
        kind=organisation.kind,
        name=organisation.name,
        slug=organisation.slug,
        federation_ids=tuple(organisation.federation_ids),
        parent_id=organisation.parent_id,
        time_zone=organisation.time_zone,
        currency=organisation.currency,
        jurisdiction=organisation.jurisdiction,
        languages=tuple(organisation.languages),
        colour=organisation.colour,
        iban=organisation.iban,
        ended_at=organisation.ended_at,
    )
