"""Drafting, sending, signing and ending agreements, and the alarm before one runs out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from access.principals import Principal
from access.roles import LEADERS
from access.row_policies import act_for
from common.clock import now
from common.due_rows import complete, schedule
from common.ids import new_id
from common.outbox import publish
from contracts.partners import AgreementChanged, AgreementRenewalDue
from contracts.partners import AgreementState as AnnouncedState
from partners.agreements import queries
from partners.agreements.domain import (
    AgreementChangedMeanwhile,
    AgreementNotFound,
    AgreementState,
    Contribution,
    ContributionKind,
    Loan,
    NoPartyOfTheAgreement,
    NotADraft,
    NotOpenForSignature,
    SignedBefore,
    Terms,
    check_covers_loan,
    check_terms,
    missing_signatures,
    renewal_alarm_at,
)
from partners.agreements.tables import Agreement, AgreementContribution, AgreementSignature
from partners.organisations import queries as organisation_queries
from partners.organisations import use_cases as organisations

RENEWAL_DUE = "agreement_renewal_due"
ANNOUNCED_AT_ONCE = 500
SIGNS_ITS_SIDE = "the account leads a side that the agreement was sent to"


@dataclass(frozen=True)
class NewSignature:
    """Who signs for which side; outside partners sign on paper, which the keeper records."""

    party_id: UUID
    signed_by: str
    signed_on: date


async def draft_agreement(session: AsyncSession, organisation_id: UUID, terms: Terms) -> Agreement:
    """Write an agreement down. Raises UnfitTerms, OrganisationNotFound for a side that is unknown."""
    await _check_sides(session, organisation_id, terms)
    agreement = Agreement(id=new_id(), organisation_id=organisation_id, version=1, state=AgreementState.draft)
    _write_terms(agreement, terms)
    session.add(agreement)
    await session.flush()
    _add_contributions(session, agreement, terms)
    await session.flush()
    return agreement


async def redraft_agreement(session: AsyncSession, agreement_id: UUID, version: int, terms: Terms) -> Agreement:
    """Replace the terms of a draft. Raises AgreementNotFound, AgreementChangedMeanwhile, NotADraft, UnfitTerms."""
    agreement = await _lock_own(session, agreement_id)
    if agreement.version != version:
        raise AgreementChangedMeanwhile(f"It is at version {agreement.version} now.")
    _check_is_draft(agreement)
    await _check_sides(session, agreement.organisation_id, terms)
    _write_terms(agreement, terms)
    agreement.version += 1
    await session.execute(delete(AgreementContribution).where(AgreementContribution.agreement_id == agreement.id))
    _add_contributions(session, agreement, terms)
    await session.flush()
    return agreement


async def send_agreement(session: AsyncSession, agreement_id: UUID) -> Agreement:
    """Show a draft to the other sides, for signature. Raises AgreementNotFound, NotADraft."""
    agreement = await _lock_own(session, agreement_id)
    _check_is_draft(agreement)
    agreement.state, agreement.sent_at = AgreementState.sent, now()
    agreement.version += 1
    await session.flush()
    await publish(session, _state_of(agreement))
    return agreement


async def sign_agreement(session: AsyncSession, caller: Principal, agreement_id: UUID, new: NewSignature) -> Agreement:
    """Sign for one's own side, or as the keeper record what another side signed on paper.

    The last signature puts the agreement in force and sets its renewal alarm. Raises AgreementNotFound,
    NoPartyOfTheAgreement, NotOpenForSignature, SignedBefore.
    """
    seen = await queries.find_agreement(session, agreement_id)
    if seen is None:
        raise AgreementNotFound
    if new.party_id not in (seen.organisation_id, *seen.party_ids):
        raise NoPartyOfTheAgreement
    if caller.may(seen.organisation_id, LEADERS):
        return await _sign(session, seen.organisation_id, agreement_id, new)
    caller.require(new.party_id, LEADERS)
    async with act_for(session, seen.organisation_id, SIGNS_ITS_SIDE):
        return await _sign(session, new.party_id, agreement_id, new)


async def end_agreement(session: AsyncSession, agreement_id: UUID, reason: str) -> Agreement:
    """End an agreement, once; the reason is kept. Raises AgreementNotFound."""
    agreement = await _lock_own(session, agreement_id)
    if agreement.state != AgreementState.ended:
        agreement.state, agreement.ended_at, agreement.end_reason = AgreementState.ended, now(), reason
        agreement.version += 1
        await complete(session, RENEWAL_DUE, agreement.id)
        await session.flush()
        if agreement.sent_at is not None:
            await publish(session, _state_of(agreement))
    return agreement


async def announce_every_agreement(session: AsyncSession) -> int:
    """Announce the present state of every agreement that was sent and that the context sees again; returns how many.

    For republishing, as `announce_every_organisation`; the rows are locked, so that no older state follows a newer one.
    """
    agreements = await queries.lock_sent_agreements(session)
    for start in range(0, len(agreements), ANNOUNCED_AT_ONCE):
        await publish(session, *(_state_of(agreement) for agreement in agreements[start : start + ANNOUNCED_AT_ONCE]))
    return len(agreements)


def _state_of(agreement: Agreement) -> AgreementChanged:
    return AgreementChanged(
        organisation_id=agreement.organisation_id,
        agreement_id=agreement.id,
        version=agreement.version,
        state=AnnouncedState(agreement.state),
        title=agreement.title,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        party_ids=tuple(agreement.party_ids),
    )


async def check_cited(session: AsyncSession, agreement_id: UUID, loan: Loan) -> None:
    """The agreement that a reservation cites covers it. Raises AgreementNotFound, AgreementDoesNotCover."""
    agreement = await queries.find_agreement(session, agreement_id)
    if agreement is None:
        raise AgreementNotFound
    brought = tuple(
        Contribution(row.party_id, ContributionKind(row.kind), row.description, row.amount_minor, row.currency)
        for row in await queries.list_contributions(session, agreement_id)
    )
    terms = Terms(
        title=agreement.title,
        scope=agreement.scope,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        renewal_notice_days=agreement.renewal_notice_days,
        party_ids=tuple(agreement.party_ids),
        contributions=brought,
    )
    check_covers_loan(AgreementState(agreement.state), agreement.organisation_id, terms, loan)


async def announce_renewal(session: AsyncSession, agreement_id: UUID) -> None:
    """Announce that an agreement in force runs out soon; what has ended meanwhile stays silent."""
    agreement = await queries.lock_agreement(session, agreement_id)
    if agreement is None or agreement.state != AgreementState.signed or agreement.ends_on is None:
        return
    names = await organisation_queries.list_names(session, agreement.party_ids)
    event = AgreementRenewalDue(
        organisation_id=agreement.organisation_id,
        agreement_id=agreement.id,
        version=agreement.version,
        title=agreement.title,
        ends_on=agreement.ends_on,
        party_names=tuple(names),
    )
    await publish(session, event)


async def _sign(session: AsyncSession, recorder_id: UUID, agreement_id: UUID, new: NewSignature) -> Agreement:
    agreement = await _lock_own(session, agreement_id)
    if agreement.state != AgreementState.sent:
        raise NotOpenForSignature
    signed = {signature.party_id for signature in await queries.list_signatures(session, agreement_id)}
    if new.party_id in signed:
        raise SignedBefore
    session.add(
        AgreementSignature(
            agreement_id=agreement.id,
            party_id=new.party_id,
            organisation_id=agreement.organisation_id,
            signed_by=new.signed_by,
            signed_on=new.signed_on,
            recorded_by_organisation_id=recorder_id,
            recorded_at=now(),
        )
    )
    agreement.version += 1
    if not missing_signatures(agreement.organisation_id, agreement.party_ids, signed | {new.party_id}):
        await _put_in_force(session, agreement)
    await session.flush()
    await publish(session, _state_of(agreement))
    return agreement


async def _put_in_force(session: AsyncSession, agreement: Agreement) -> None:
    agreement.state, agreement.signed_at = AgreementState.signed, now()
    if agreement.ends_on is not None:
        keeper = await organisations.get_organisation(session, agreement.organisation_id)
        alarm_at = renewal_alarm_at(agreement.ends_on, agreement.renewal_notice_days, keeper.time_zone)
        await schedule(session, RENEWAL_DUE, agreement.id, agreement.organisation_id, alarm_at)


async def _lock_own(session: AsyncSession, agreement_id: UUID) -> Agreement:
    agreement = await queries.lock_agreement(session, agreement_id)
    if agreement is None:
        raise AgreementNotFound
    return agreement


def _check_is_draft(agreement: Agreement) -> None:
    if agreement.state != AgreementState.draft:
        raise NotADraft("End it and draft another one.")


async def _check_sides(session: AsyncSession, keeper_id: UUID, terms: Terms) -> None:
    check_terms(keeper_id, terms)
    for party_id in terms.party_ids:
        await organisations.get_organisation(session, party_id)


def _write_terms(agreement: Agreement, terms: Terms) -> None:
    agreement.title, agreement.scope = terms.title, terms.scope
    agreement.starts_on, agreement.ends_on = terms.starts_on, terms.ends_on
    agreement.renewal_notice_days, agreement.party_ids = terms.renewal_notice_days, list(terms.party_ids)


def _add_contributions(session: AsyncSession, agreement: Agreement, terms: Terms) -> None:
    session.add_all(
        AgreementContribution(
            id=new_id(),
            organisation_id=agreement.organisation_id,
            agreement_id=agreement.id,
            position=position,
            party_id=contribution.party_id,
            kind=contribution.kind,
            description=contribution.description,
            amount_minor=contribution.amount_minor,
            currency=contribution.currency,
        )
        for position, contribution in enumerate(terms.contributions)
    )
