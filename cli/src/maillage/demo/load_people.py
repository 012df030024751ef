"""Households with their contacts, everybody who takes part, and the parents who link their accounts by code."""

from maillage.demo.loading import MAIL_SECONDS, Loading, staff_of
from maillage.demo.model import Household, Participant
from maillage.signed_in import Refused
from maillage.together import together
from maillage.waiting import until


async def load_people(loading: Loading) -> None:
    """Participants before contacts, so that each contact is announced once with all of the household."""
    await together(_record_household(loading, household) for household in loading.demo.households)
    await together(_record_participant(loading, participant) for participant in loading.demo.participants)
    await together(_record_contact(loading, household) for household in loading.demo.households)
    await together(
        _link_parent(loading, household, household.contact.user_name)
        for household in loading.demo.households
        if household.contact.user_name is not None
    )


async def _record_household(loading: Loading, household: Household) -> None:
    body = {"organisation_id": loading.state.organisations[household.organisation], "name": household.name}
    staff = staff_of(household.organisation)
    made = await loading.create(staff, "activities", "/households", body, f"household-{household.key}")
    loading.state.households[household.key] = made["id"]
    loading.advance(f"Household {household.name}")


async def _record_participant(loading: Loading, participant: Participant) -> None:
    household = participant.household
    body = {
        "organisation_id": loading.state.organisations[participant.organisation],
        "household_id": None if household is None else loading.state.households[household],
        "given_name": participant.given_name,
        "family_name": participant.family_name,
        "born_on": participant.born_on.isoformat(),
    }
    staff = staff_of(participant.organisation)
    made = await loading.create(staff, "activities", "/participants", body, f"participant-{participant.key}")
    loading.state.participants[participant.key] = made["id"]
    loading.advance(f"{participant.given_name} {participant.family_name}")


async def _record_contact(loading: Loading, household: Household) -> None:
    contact = household.contact
    body = {
        "display_name": contact.display_name,
        "email": contact.email,
        "phone": contact.phone,
        "language": contact.language,
    }
    path = f"/households/{loading.state.households[household.key]}/contacts"
    staff = staff_of(household.organisation)
    made = await loading.create(staff, "activities", path, body, f"contact-{household.key}")
    loading.state.contacts[household.key] = made["id"]
    loading.advance(f"Contact {contact.display_name}")


async def _link_parent(loading: Loading, household: Household, user_name: str) -> None:
    """The association sends the code, the parent signs in and shows it."""
    staff = await loading.platform.person(staff_of(household.organisation))
    parent = await loading.platform.person(user_name)
    contacts = await staff.get("activities", f"/households/{loading.state.households[household.key]}/contacts")
    address = household.contact.email or ""

    async def linked() -> bool:
        for code in await loading.mail.codes_for(address):
            try:
                await parent.do("activities", "/contacts/link", {"code": code})
            except Refused as refusal:
                if refusal.slug != "invalid-link-code":
                    raise
            else:
                return True
        return False

    if not contacts[0]["linked"]:
        await staff.do("activities", f"/contacts/{contacts[0]['id']}/link-code")
        await until(linked, f"the code of {household.contact.display_name} arrives by mail", MAIL_SECONDS)
    loading.advance(f"Account of {household.contact.display_name}")
