"""The federation, its members and their staff: founded by the admin, joined by code from the captured mail."""

from collections.abc import Iterable

from maillage.demo.loading import MAIL_SECONDS, Loading
from maillage.demo.model import Membership, Organisation
from maillage.demo.organisations import ADMIN
from maillage.grant import grant_admin
from maillage.people import find_person, full_name
from maillage.signed_in import Refused
from maillage.together import together
from maillage.waiting import until

FEDERATION = "federation"


async def load_organisations(loading: Loading) -> None:
    """In the order in which each needs the one before."""
    await _grant(loading)
    members = [organisation for organisation in loading.demo.organisations if organisation.parent is None]
    sites = [organisation for organisation in loading.demo.organisations if organisation.parent is not None]
    await together(_found(loading, organisation) for organisation in members)
    await together(_found(loading, organisation) for organisation in sites)
    leaders = [membership for membership in loading.demo.memberships if membership.invited_by == ADMIN]
    await _join_all(loading, leaders)
    await _join_all(loading, [item for item in loading.demo.memberships if item not in leaders])


async def _grant(loading: Loading) -> None:
    demo, person = loading.demo, find_person(ADMIN)
    if person is None:
        raise LookupError(ADMIN)
    stack = loading.platform.stack
    await grant_admin(
        stack, ADMIN, demo.federation_name, demo.federation_slug, full_name(person), person.email, person.locale
    )
    admin = await loading.platform.person(ADMIN)
    (membership,) = await admin.list_all("partners", "/memberships/mine")
    loading.state.organisations[FEDERATION] = membership["organisation_id"]
    loading.advance(demo.federation_name)


async def _found(loading: Loading, organisation: Organisation) -> None:
    body: dict[str, object] = {
        "kind": organisation.kind,
        "name": organisation.name,
        "slug": organisation.key,
        "time_zone": "Europe/Brussels",
        "jurisdiction": organisation.jurisdiction,
        "languages": list(organisation.languages),
        "colour": organisation.colour,
        "iban": organisation.iban,
        "address": organisation.address,
    }
    if organisation.position is not None:
        body["latitude"], body["longitude"] = organisation.position
    if organisation.parent is None:
        body["federation_ids"] = [loading.state.organisations[FEDERATION]]
    else:
        body["parent_id"] = loading.state.organisations[organisation.parent]
    made = await loading.create(ADMIN, "partners", "/organisations", body, f"organisation-{organisation.key}")
    loading.state.organisations[organisation.key] = made["id"]
    loading.advance(organisation.name)


async def _join_all(loading: Loading, memberships: Iterable[Membership]) -> None:
    await together(_join(loading, membership) for membership in memberships)


async def _join(loading: Loading, membership: Membership) -> None:
    """Invited by one person, accepted by the other with the code that only the mail knows."""
    person = find_person(membership.user_name)
    if person is None:
        raise LookupError(membership.user_name)
    organisation_id = loading.state.organisations[membership.organisation]
    body = {
        "organisation_id": organisation_id,
        "role": membership.role,
        "display_name": full_name(person),
        "email": person.email,
        "language": person.locale,
    }
    key = f"{membership.organisation}-{membership.user_name}"
    invitation = await loading.create(membership.invited_by, "partners", "/memberships", body, f"invitation-{key}")
    member = await loading.platform.person(membership.user_name)

    async def is_member() -> bool:
        mine = await member.list_all("partners", "/memberships/mine")
        return any(item["id"] == invitation["id"] and item["state"] == "active" for item in mine)

    async def accepted() -> bool:
        for code in await loading.mail.codes_for(person.email):
            try:
                await member.create("partners", "/memberships/accept", {"code": code}, f"accept-{code[:40]}")
            except Refused as refusal:
                if refusal.slug != "invitation-not-valid":
                    raise
        return await is_member()

    if not await is_member():
        await until(accepted, f"the invitation of {membership.user_name} arrives by mail", MAIL_SECONDS)
    loading.advance(f"{full_name(person)}, {membership.role}")
