"""What services answer, as the portal reads it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from common.clock import now

HOUSE = "01990000-0000-7000-8000-000000000001"
HOME = "01990000-0000-7000-8000-000000000002"
FEDERATION = "01990000-0000-7000-8000-000000000003"
HALL = "01990000-0000-7000-8000-000000000004"
ACTIVITY = "01990000-0000-7000-8000-000000000010"
PROGRAMME = "01990000-0000-7000-8000-000000000011"
SESSION = "01990000-0000-7000-8000-000000000020"
SHIFT = "01990000-0000-7000-8000-000000000060"
HOUSEHOLD = "01990000-0000-7000-8000-000000000030"
YANIS = "01990000-0000-7000-8000-000000000031"
LINA = "01990000-0000-7000-8000-000000000032"
BUDGET = "01990000-0000-7000-8000-000000000050"
DUE = "01990000-0000-7000-8000-000000000060"
BOOKING = "01990000-0000-7000-8000-000000000040"


GUEST_CODE = "kuF9yq0eHhV0m9XcL1pRrS8dTq2wZaBn"


def organisation(organisation_id: str, kind: str, slug: str, name: str, **changes: Any) -> dict[str, Any]:
    """An entry of the directory."""
    parent = HOUSE if kind == "site" else None
    federations = [FEDERATION] if kind == "association" else []
    return {
        "id": organisation_id, "version": 1, "kind": kind, "name": name, "slug": slug, "federation_ids": federations,
        "parent_id": parent, "languages": ["fr"], "colour": "", "latitude": None, "longitude": None, "ended_at": None,
        **changes,
    }  # fmt: skip


def details(entry: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """All that the partners service tells of an organisation."""
    return {
        **entry, "time_zone": "Europe/Brussels", "currency": "EUR", "jurisdiction": "BE-FWB", "enterprise_number": "",
        "address": "", "accessibility": "", "iban": "", **changes,
    }  # fmt: skip


DIRECTORY = [
    organisation(FEDERATION, "federation", "federation", "Fédération"),
    organisation(HOUSE, "association", "tremplin", "Le Tremplin"),
    organisation(HOME, "association", "tilleuls", "Les Tilleuls"),
    organisation(HALL, "site", "hall", "Grande salle"),
]


def session(**changes: Any) -> dict[str, Any]:
    """A session of the youth house on a Wednesday, 14:00 to 16:00 in Brussels."""
    return {
        "id": SESSION, "organisation_id": HOUSE, "version": 1, "activity_id": ACTIVITY, "programme_id": ACTIVITY,
        "series_id": None, "site_id": HALL, "title": "Atelier cirque", "starts_at": "2090-11-22T13:00:00Z",
        "ends_at": "2090-11-22T15:00:00Z", "time_zone": "Europe/Brussels", "state": "scheduled", "capacity": 12,
        "places_free": 8, "minimum": 0, "age_from": 6, "age_to": None, "accessibility": [],
        "prices": {"senior": 800, "standard": 1200}, "currency": "EUR", "supervision": "none", "cost_shares": [],
        "open_door": False, "rooms": [], **changes,
    }  # fmt: skip


def soon(**changes: Any) -> dict[str, Any]:
    """The same session on the day after tomorrow."""
    starts_at = (now() + timedelta(days=2)).replace(microsecond=0)
    ends_at = starts_at + timedelta(hours=2)
    return session(starts_at=starts_at.isoformat(), ends_at=ends_at.isoformat(), **changes)


def activity(**changes: Any) -> dict[str, Any]:
    """The activity of the session."""
    return {
        "id": ACTIVITY, "organisation_id": HOUSE, "programme_id": PROGRAMME, "version": 1, "title": "Cirque",
        "description": "<b>Jongler</b>", "audience": "dès 6 ans", "waiting_rule": "arrival", "offer_hours": 48,
        "cancellation_terms": {"steps": [{"hours_before": 24, "percent": 100}], "excused_percent": 50},
        "published": True, **changes,
    }  # fmt: skip


def programme(**changes: Any) -> dict[str, Any]:
    """The programme of the activity, which nobody has approved yet."""
    return {
        "id": PROGRAMME, "organisation_id": HOUSE, "version": 1, "title": "Automne", "season": "2090",
        "starts_on": "2090-09-01", "ends_on": "2090-12-20", "audience": "Enfants", "policy_axes": [], "state": "draft",
        "objectives": [{"statement": "Bouger", "indicator": "présences", "unit": "enfants", "target": 40}], **changes,
    }  # fmt: skip


def participant(person_id: str = YANIS, given_name: str = "Yanis", born_on: str = "2080-01-15") -> dict[str, Any]:
    """A child of the household."""
    return {
        "id": person_id, "organisation_id": HOUSE, "household_id": HOUSEHOLD, "version": 1, "given_name": given_name,
        "family_name": "Haddad", "born_on": born_on,
    }  # fmt: skip


def household(**changes: Any) -> dict[str, Any]:
    """Amina's, at home with the youth house."""
    return {"id": HOUSEHOLD, "name": "Haddad", "organisation_id": HOUSE, "version": 1, **changes}


def paper_code() -> dict[str, Any]:
    """What the desk hands over."""
    return {"code": "K7QX-M2RT-9WPA-4HDS", "expires_at": "2090-12-20T10:00:00Z"}


def contact(**changes: Any) -> dict[str, Any]:
    """Who is told for the household."""
    return {
        "id": BOOKING, "household_id": HOUSEHOLD, "version": 1, "display_name": "Amina Haddad",
        "email": "amina@example.org", "phone": None, "prefers_phone": False, "language": "fr",
        "linked": True, **changes,
    }  # fmt: skip


def booking(**changes: Any) -> dict[str, Any]:
    """A booking of one child."""
    place = {
        "participant_id": YANIS, "home_organisation_id": HOUSE, "age": 10, "price_category": "standard",
        "price_minor": 1200,
    }  # fmt: skip
    return {
        "id": BOOKING, "organisation_id": HOUSE, "version": 1, "session_id": SESSION, "state": "confirmed",
        "booked_by_organisation_id": None, "payer_kind": "household", "payer_id": HOUSEHOLD, "currency": "EUR",
        "waiting_since": None, "offer_expires_at": None, "places": [place], **changes,
    }  # fmt: skip


def entry(person_id: str = YANIS, state: str = "confirmed", mark: str | None = None, **changes: Any) -> dict[str, Any]:
    """Somebody on the list of the session."""
    return {
        "participant_id": person_id, "given_name": "Yanis", "family_name": "Haddad", "age": 10,
        "home_organisation_id": HOUSE, "household_id": HOUSEHOLD, "booking_id": BOOKING, "booking_state": state,
        "booked_by_organisation_id": None, "waiting_since": None, "offer_expires_at": None,
        "price_category": "standard", "price_minor": 1200, "contact_name": "Amina Haddad",
        "contact_email": "amina@example.org", "contact_phone": "+32 470 55 10 01", "mark": mark,
        "consents_given": ["photo"], "consents_refused": [], **changes,
    }  # fmt: skip


def sheet(**changes: Any) -> dict[str, Any]:
    """The attendance sheet of the session; two teenagers were counted."""
    return {
        "session_id": SESSION, "version": 3, "recorded_at": None, "marks": [],
        "anonymous_counts": [{"from_age": 12, "to_age": 17, "count": 2}], **changes,
    }  # fmt: skip


def wordings() -> list[dict[str, Any]]:
    """Two of what is asked: about a participant, and about a household."""
    return [
        {
            "purpose": purpose, "version": 2, "valid_from": "2026-01-01", "is_about_household": is_about_household,
            "texts": {language: f"{purpose} ({language})?" for language in ("fr", "nl", "de", "en")},
        }
        for purpose, is_about_household in (("photo", False), ("leaving_alone", False), ("newsletter", True))
    ]  # fmt: skip


def consent(**changes: Any) -> dict[str, Any]:
    """The family refused that Yanis is photographed."""
    return {
        "id": BOOKING, "organisation_id": HOUSE, "household_id": None, "participant_id": YANIS, "purpose": "photo",
        "wording_version": 1, "is_given": False, "is_by_staff": True, "answered_at": "2090-09-01T10:00:00Z", **changes,
    }  # fmt: skip


def told(**changes: Any) -> dict[str, Any]:
    """Three messages about the session."""
    return {
        "kind": "booking_confirmed", "channel": "email", "state": "sent", "messages": 3,
        "newest_at": "2090-11-20T10:00:00Z", **changes,
    }  # fmt: skip


def to_tell(**changes: Any) -> dict[str, Any]:
    """A message that somebody must read out to the family, or hand over on paper."""
    return {
        "id": BOOKING, "organisation_id": HOUSE, "fact_id": "booking", "recipient_id": BOOKING,
        "recipient_name": "Amina Haddad", "kind": "booking_confirmed", "channel": "post", "state": "to_print",
        "language": "fr", "subject": "Réservé", "body": "Bonjour Amina,\nYanis a une place.", "attempts": 0,
        "uncertain_sends": 0, "last_error": None, "created_at": "2090-11-20T10:00:00Z", "sent_at": None,
        "failed_at": None, **changes,
    }  # fmt: skip


def attestable(**changes: Any) -> dict[str, Any]:
    """Yanis was at the youth house on three days of a year."""
    return {"participant_id": YANIS, "organiser_id": HOUSE, "year": 2090, "days": 3, **changes}


def attestation(**changes: Any) -> dict[str, Any]:
    """The file about them."""
    return {
        "id": BOOKING, "organisation_id": HOUSE, "participant_id": YANIS, "organiser_id": HOUSE, "year": 2090,
        "language": "fr", "asked_at": "2090-12-01T10:00:00Z", "made_at": "2090-12-01T10:00:02Z", **changes,
    }  # fmt: skip


def budget(**changes: Any) -> dict[str, Any]:
    """The budget of the activity."""
    return {
        "id": BUDGET, "organisation_id": HOUSE, "activity_id": ACTIVITY, "activity_title": "Cirque", "year": 2090,
        "currency": "EUR", "version": 1, "is_planned": True, "promised_minor": 1200, "earned_minor": 0,
        "spent_minor": 900, "reached_thresholds": [],
        "income": {"planned_minor": 2400, "reached_minor": 1200, "percent": 50},
        "expense": {"planned_minor": 1000, "reached_minor": 900, "percent": 90},
        "lines": [{"kind": "income", "label": "Participation", "planned_minor": 2400}], **changes,
    }  # fmt: skip


def spending(**changes: Any) -> dict[str, Any]:
    """Balls that were bought for the activity."""
    return {
        "id": BOOKING, "budget_id": BUDGET, "amount_minor": 900, "label": "Balles", "spent_on": "2026-01-20",
        "entry_id": BOOKING, "reversal_entry_id": None, "recorded_at": "2026-01-20T10:00:00Z", **changes,
    }  # fmt: skip


def share_rule(**changes: Any) -> dict[str, Any]:
    """The youth house bears a quarter from a day long ago on."""
    return {
        "id": BUDGET, "organisation_id": HOUSE, "borne_percent": 25, "valid_from": "2020-01-01", "valid_to": None,
        "version": 3, **changes,
    }  # fmt: skip


def charge(**changes: Any) -> dict[str, Any]:
    """What the household owes for one place."""
    return {
        "id": BOOKING, "organisation_id": HOUSE, "booking_id": BOOKING, "participant_id": YANIS,
        "payer_kind": "household", "payer_id": HOUSEHOLD, "session_id": SESSION, "activity_id": ACTIVITY,
        "title": "Atelier cirque", "session_on": "2090-11-22", "currency": "EUR", "amount_minor": 1200,
        "is_earned": False, **changes,
    }  # fmt: skip


def guest_hold(**changes: Any) -> dict[str, Any]:
    """What is told before the link is followed."""
    return {"session_id": SESSION, "state": "held", "expires_at": "2090-11-20T12:00:00Z", **changes}


def guest_booking(**changes: Any) -> dict[str, Any]:
    """What a guest's link leads to, before it is confirmed."""
    person = {"given_name": "Ada", "family_name": "Byron", "price_category": "standard", "price_minor": 1200}
    return {
        "id": BOOKING, "organisation_id": HOUSE, "session_id": SESSION, "state": "held", "booking_state": None,
        "offer_expires_at": None, "expires_at": "2090-11-20T12:00:00Z", "currency": "EUR", "people": [person],
        **changes,
    }  # fmt: skip


def due(**changes: Any) -> dict[str, Any]:
    """What the household owes altogether."""
    return {
        "id": DUE, "organisation_id": HOUSE, "payer_kind": "household", "payer_id": HOUSEHOLD,
        "reference": "100000100165", "amounts": {"EUR": 1200}, **changes,
    }  # fmt: skip


def assignment(**changes: Any) -> dict[str, Any]:
    """Somebody on the shift."""
    return {
        "id": BOOKING, "organisation_id": HOUSE, "shift_id": SHIFT, "person_id": YANIS, "version": 1,
        "engagement": "employee", "state": "assigned", "starts_at": "2090-11-22T13:00:00Z",
        "ends_at": "2090-11-22T15:00:00Z", "findings": [], "because": None, "released_because": None, **changes,
    }  # fmt: skip


def shift(**changes: Any) -> dict[str, Any]:
    """A shift of the session for two, with one on it."""
    return {
        "id": SHIFT, "organisation_id": HOUSE, "session_id": SESSION, "version": 1, "state": "planned",
        "title": "Atelier cirque", "role": "animator", "places": 2, "required": [],
        "starts_at": "2090-11-22T13:00:00Z", "ends_at": "2090-11-22T15:00:00Z", "time_zone": "Europe/Brussels",
        "is_open": True, "assignments": [assignment()], **changes,
    }  # fmt: skip


def proposal(**changes: Any) -> dict[str, Any]:
    """One more person for the shift, and why not another."""
    other = {"person_id": LINA, "reason": "unavailable", "explanation": "Says so.", "facts": {}}
    proposed = {"shift_id": SHIFT, "proposed": [YANIS], "missing": 0, "not_proposed": [other]}
    return {
        "id": BUDGET, "organisation_id": HOUSE, "session_id": None, "version": 1, "state": "ready",
        "from_at": "2090-11-20T00:00:00Z", "until_at": "2090-11-27T00:00:00Z", "explanation": "", "figures": {},
        "shifts": [proposed], **changes,
    }  # fmt: skip


def resource(**changes: Any) -> dict[str, Any]:
    """The hall of the youth house, which others may borrow."""
    return {
        "id": HALL, "organisation_id": HOUSE, "version": 1, "kind": "room", "name": "Grande salle", "quantity": 1,
        "pooled": True, "approval": "automatic", "time_zone": "Europe/Brussels", "currency": "EUR", "ended_at": None,
        "description": "Avec une scène.", "site_id": None, "capacity": 40, "accessibility": ["fauteuil roulant"],
        "opening_hours": [{"weekday": 0, "opens": "08:30", "closes": "12:00"}], "set_up_minutes": 30,
        "clean_up_minutes": 15, "price_per_hour_minor": 1_500, "owner_notice_days": None, "quota_hours": 8,
        "quota_period": "month", **changes,
    }  # fmt: skip


def resource_paper(**changes: Any) -> dict[str, Any]:
    """The fire inspection of the hall."""
    return {
        "id": BUDGET, "resource_id": HALL, "kind": "fire_inspection", "issuer": "SIAMU", "reference": "F-12",
        "issued_on": "2024-01-01", "expires_on": "2025-01-01", **changes,
    }  # fmt: skip


def resource_closure(**changes: Any) -> dict[str, Any]:
    """The hall is painted."""
    return {
        "id": BOOKING, "resource_id": HALL, "kind": "maintenance", "reason": "Peinture",
        "starts_at": "2090-12-01T08:00:00Z", "ends_at": "2090-12-02T17:00:00Z", **changes,
    }  # fmt: skip


def resource_key(**changes: Any) -> dict[str, Any]:
    """A key of the hall, which somebody has for too long."""
    held_by = {
        "id": BOOKING, "key_id": BUDGET, "holder_name": "Nadia Peeters", "membership_id": None,
        "handed_over_on": "2026-01-05", "due_on": "2026-01-12", "returned_on": None,
    }  # fmt: skip
    return {
        "id": BUDGET, "organisation_id": HOUSE, "resource_id": HALL, "label": "A3", "note": "Porte de la cour",
        "withdrawn_at": None, "withdrawal_reason": None, "held_by": held_by, **changes,
    }  # fmt: skip


def lease(**changes: Any) -> dict[str, Any]:
    """The hall is rented from the municipality."""
    return {
        "id": BUDGET, "organisation_id": HOUSE, "version": 2, "resource_id": HALL, "side": "tenant",
        "other_side": "Commune de Valbois", "reference": "Classeur 4", "starts_on": "2024-07-01",
        "ends_on": "2090-06-30", "notice_months": 3, "rent_minor": 45_000, "rent_period": "month",
        "deposit_minor": 90_000, "currency": "EUR", "notice_by": "2090-03-30", **changes,
    }  # fmt: skip


def reservation(**changes: Any) -> dict[str, Any]:
    """The hall on the day of the session."""
    return {
        "id": BOOKING, "organisation_id": HOUSE, "version": 1, "resource_id": HALL,
        "reserved_by_organisation_id": HOUSE, "session_id": None, "agreement_id": None, "title": "Répétition",
        "quantity": 1,
        "starts_at": "2090-11-22T13:00:00Z", "ends_at": "2090-11-22T15:00:00Z", "time_zone": "Europe/Brussels",
        "price_minor": 0, "currency": "EUR", "state": "confirmed", "reason": None, **changes,
    }  # fmt: skip


def lost_hold(*, minutes_before: int = 0, starts_at: str = "2090-11-22T16:00:00Z", **proposal: Any) -> dict[str, Any]:
    """A session that lost the hall: another room is free then, and the hall itself later, `starts_at` on."""
    ends_at = (datetime.fromisoformat(starts_at) + timedelta(hours=2, minutes=minutes_before)).isoformat()
    first = {
        "resource_id": LINA, "owner_organisation_id": HOUSE, "name": "Petite salle",
        "starts_at": "2090-11-22T13:00:00Z", "ends_at": "2090-11-22T15:00:00Z", **proposal,
    }  # fmt: skip
    later = {
        "resource_id": HALL, "owner_organisation_id": HOUSE, "name": "Grande salle", "starts_at": starts_at,
        "ends_at": ends_at,
    }  # fmt: skip
    wish = {"owner_organisation_id": HOUSE, "quantity": 1, "minutes_before": minutes_before, "minutes_after": 0}
    return {
        "session_id": SESSION, "state": "refused", "title": "Atelier cirque", "refused_people": [],
        "refused_resources": [
            {"resource_id": HALL, "name": "Grande salle", "reason": "withdrawn_by_owner",
             "explanation": "Flooded", "alternatives": [first, later]}
        ],
        "wishes": {
            "resources": [{**wish, "resource_id": HALL}, {**wish, "resource_id": BUDGET}],
            "people": [{"role": "animator", "count": 1, "qualification": None, "person_ids": []}],
            "answer_within_seconds": 60,
        },
    }  # fmt: skip


def person(**changes: Any) -> dict[str, Any]:
    """Noah, who is on the shift."""
    return {
        "id": YANIS, "organisation_id": HOUSE, "version": 4, "kind": "employee", "display_name": "Noah",
        "email": "noah@example.org", "phone": None, "language": "en", "weekly_minutes_agreed": 2280,
        "started_on": "2080-01-01", "ended_on": None, "has_account": False, **changes,
    }  # fmt: skip


def paper(**changes: Any) -> dict[str, Any]:
    """Noah's first aid, which nobody has seen yet."""
    return {
        "id": LINA, "organisation_id": HOUSE, "person_id": YANIS, "version": 2, "kind": "first_aid",
        "issuer": "Croix-Rouge", "issued_on": "2080-06-30", "expires_on": "2090-12-31", "is_verified": False, **changes,
    }  # fmt: skip


def leave(**changes: Any) -> dict[str, Any]:
    """Noah asks for two days."""
    return {
        "id": BUDGET, "organisation_id": HOUSE, "person_id": YANIS, "version": 1, "kind": "leave",
        "state": "requested", "starts_on": "2090-11-27", "ends_on": "2090-11-28", **changes,
    }  # fmt: skip


def search(**changes: Any) -> dict[str, Any]:
    """Somebody is sought for the shift."""
    return {
        "id": BOOKING, "organisation_id": HOUSE, "version": 1, "state": "open", "shift_id": SHIFT,
        "title": "Atelier cirque", "role": "animator", "starts_at": "2090-11-22T13:00:00Z",
        "ends_at": "2090-11-22T15:00:00Z", "time_zone": "Europe/Brussels", "taken_by_person_id": None,
        "assignment_id": None, "in_return_assignment_id": None, "asked": 2, "is_asked": True, **changes,
    }  # fmt: skip


def freed() -> dict[str, Any]:
    """A place that an absence made free, and whom to telephone."""
    asked = {"person_id": LINA, "display_name": "Pol", "phone": "+32 470 55", "by_telephone": True, "warnings": []}
    return {**search(), "asked": [asked]}


def exchange(**changes: Any) -> dict[str, Any]:
    """Pol's shift, which could be had for Noah's."""
    return {
        "assignment_id": LINA, "display_name": "Pol", "title": "Vestiaire", "starts_at": "2090-11-23T13:00:00Z",
        "ends_at": "2090-11-23T15:00:00Z", "time_zone": "Europe/Brussels", **changes,
    }  # fmt: skip


def hours(**changes: Any) -> dict[str, Any]:
    """Two hours of Noah that wait for a yes."""
    return {
        "id": BOOKING, "organisation_id": HOUSE, "person_id": YANIS, "assignment_id": None, "version": 3,
        "title": "Rangement", "engagement": "volunteer", "state": "recorded", "starts_at": "2090-11-20T13:00:00Z",
        "ends_at": "2090-11-20T15:00:00Z", "worked_on": "2090-11-20", "minutes": 120, "value_minor": 0,
        "allowance_minor": 0, "currency": None, "explanation": "", **changes,
    }  # fmt: skip


def passport(**changes: Any) -> dict[str, Any]:
    """What somebody of the retirement home lets the federation know."""
    paper = {"kind": "first_aid", "issuer": "Rode Kruis", "issued_on": "2089-01-01", "expires_on": None}
    return {
        "person_id": LINA, "organisation_id": HOME, "display_name": "Lotte Maes", "papers": [paper],
        "windows": [window()], "hours": [{"year": 2090, "engagement": "volunteer", "minutes": 90}], **changes,
    }  # fmt: skip


def window(**changes: Any) -> dict[str, Any]:
    """Wednesdays, 14:00 to 18:00."""
    return {
        "weekday": 2, "from_minute": 840, "to_minute": 1080, "kind": "preferred", "valid_from": None, "valid_to": None,
        **changes,
    }  # fmt: skip


def change(**changes: Any) -> dict[str, Any]:
    """The session was moved by somebody else."""
    return {
        "recorded_at": "2090-11-01T10:00:00Z", "subject": "session", "action": "update",
        "fields": ["ends_at", "starts_at"], "by_me": False, **changes,
    }  # fmt: skip


def agreement(**changes: Any) -> dict[str, Any]:
    """What the youth house and the home promise each other for a year; the house has signed."""
    signature = {
        "party_id": HOUSE, "signed_by": "Karim Benali", "signed_on": "2090-08-20", "recorded_by_organisation_id": HOUSE,
    }  # fmt: skip
    people = {"party_id": HOUSE, "kind": "people", "description": "Deux animateurs", "amount_minor": None}
    money = {"party_id": HOME, "kind": "money", "description": "Part des frais", "amount_minor": 150_050}
    return {
        "id": PROGRAMME, "organisation_id": HOUSE, "version": 2, "state": "sent", "title": "Cirque entre générations",
        "starts_on": "2090-09-01", "ends_on": "2091-06-30", "renewal_notice_days": 90, "party_ids": [HOME],
        "signed_at": None, "ended_at": None, "scope": "Six ateliers.", "sent_at": "2090-08-01T10:00:00Z",
        "end_reason": None, "contributions": [{**people, "currency": None}, {**money, "currency": "EUR"}],
        "signatures": [signature], **changes,
    }  # fmt: skip


def meeting(**changes: Any) -> dict[str, Any]:
    """A coordination at which the youth house was represented."""
    return {
        "id": PROGRAMME, "organisation_id": HOUSE, "version": 1, "kind": "representation", "title": "Coordination",
        "place": "Maison communale", "starts_at": "2090-11-22T09:00:00Z", "ends_at": "2090-11-22T11:00:00Z",
        "partner_ids": [HOME], "agenda": "1. Planning", "minutes": "", "decisions": ["Ouvrir le 27"],
        "attendances": [{"name": "Amélie Renard", "for_organisation_id": HOUSE}], **changes,
    }  # fmt: skip


def task(**changes: Any) -> dict[str, Any]:
    """What was promised in the meeting."""
    return {
        "id": BOOKING, "organisation_id": HOUSE, "version": 1, "meeting_id": PROGRAMME, "title": "Envoyer le planning",
        "owner_membership_id": YANIS, "due_on": "2090-12-01", "done_at": None, **changes,
    }  # fmt: skip


def page(*items: Any) -> dict[str, Any]:
    """One page of a list."""
    return {"items": list(items), "next_cursor": None}


assert all(UUID(one).version == 7 for one in (HOUSE, HOME, SESSION, BOOKING))


def erasure(**changes: Any) -> dict[str, Any]:
    """A receipt: the youth house has erased a family, and keeps two amounts."""
    charges = {"record": "charges", "count": 2, "reason": "accounting", "until": "2097-12-31"}
    told = {"answered_at": "2090-11-20T10:00:00Z", "erased": [], "kept": []}
    gone = [{"record": "participants", "count": 2}, {"record": "traces", "count": 3}]
    return {
        "id": BOOKING, "organisation_id": HOUSE, "subject": "own_account", "state": "complete", "code": GUEST_CODE,
        "asked_at": "2090-11-20T09:59:00Z", "completed_at": "2090-11-20T10:00:00Z",
        "answers": [
            {**told, "service": "notifications", "step": "address"},
            {**told, "service": "activities", "step": "records", "erased": gone},
            {**told, "service": "finance", "step": "records", "erased": gone[1:], "kept": [charges]},
        ],
        **changes,
    }  # fmt: skip


def risk_sheet(**changes: Any) -> dict[str, Any]:
    """What may happen at the circus workshop."""
    risk = {
        "hazard": "Chute du trapèze", "exposed": "Enfants", "likelihood": 2, "severity": 4, "weight": 8,
        "measure": "Tapis", "responsible": "Animation",
    }  # fmt: skip
    return {"activity_id": ACTIVITY, "version": 2, "reviewed_on": "2026-01-15", "risks": [risk], **changes}


def checklist(**changes: Any) -> dict[str, Any]:
    """What is looked at before each workshop."""
    items = [
        {"id": BUDGET, "task": "Sorties dégagées", "is_required": True},
        {"id": SHIFT, "task": "Musique", "is_required": False},
    ]
    return {"activity_id": ACTIVITY, "version": 3, "items": items, **changes}


def readiness(**changes: Any) -> dict[str, Any]:
    """A workshop whose exits nobody has looked at yet."""
    rule = {"effect": "block", "explanation": "", "facts": {}, "source": "A source", "status": "own_choice"}
    item = {"item_id": BUDGET, "task": "Sorties dégagées", "is_required": True}
    return {
        "session_id": SESSION,
        "items": [{**item, "ticked_at": None, "ticked_by_me": False}],
        "findings": [
            {**rule, "rule": "risk_sheet_reviewed", "is_met": True},
            {**rule, "rule": "checklist_ticked", "is_met": False, "facts": {"not_ticked": ["Sorties dégagées"]}},
        ],
        "opening": None,
        **changes,
    }


def follow_up(**changes: Any) -> dict[str, Any]:
    """What is to do after a fall."""
    return {
        "id": BUDGET, "incident_id": BOOKING, "version": 1, "task": "Vérifier la poutre", "due_on": "2090-11-25",
        "done_at": None, **changes,
    }  # fmt: skip


def incident(**changes: Any) -> dict[str, Any]:
    """A fall in the workshop, of a child and of somebody who was erased since."""
    return {
        "id": BOOKING, "session_id": SESSION, "happened_at": "2090-11-22T13:30:00Z", "place": "Gymnase",
        "what_happened": "Chute de la poutre", "severity": "minor", "first_aid": "Compresse froide",
        "told": "Sa mère", "participants_count": 2, "participant_ids": [YANIS],
        "recorded_at": "2090-11-22T14:00:00Z", "recorded_by_me": True, "follow_ups": [follow_up()], **changes,
    }  # fmt: skip


def vacancy(**changes: Any) -> dict[str, Any]:
    """A call for volunteers of the youth house."""
    return {
        "id": PROGRAMME, "organisation_id": HOUSE, "version": 2, "state": "published", "title": "Cirque d'été",
        "description": "Deux semaines.", "footing": "volunteer", "role": "animator", "required": ["first_aid"],
        "places": 2, "starts_on": "2090-07-01", "ends_on": None, "apply_until": "2090-06-15", **changes,
    }  # fmt: skip


def application(**changes: Any) -> dict[str, Any]:
    """Somebody who would like to help."""
    return {
        "id": BOOKING, "organisation_id": HOUSE, "vacancy_id": PROGRAMME, "version": 1, "state": "received",
        "display_name": "Zoé Martin", "email": "zoe@example.org", "phone": None, "language": "fr",
        "message": "J'aime le cirque.", "received_at": "2090-06-01T10:00:00Z", "interview_at": None,
        "decided_on": None, "because": None, "person_id": None, **changes,
    }  # fmt: skip


def training(**changes: Any) -> dict[str, Any]:
    """A first-aid course that Yanis takes part in."""
    trainee = {"training_id": PROGRAMME, "person_id": YANIS, "state": "enrolled", "qualification_id": None}
    return {
        "id": PROGRAMME, "organisation_id": HOUSE, "version": 1, "state": "planned", "title": "Secourisme",
        "kind": "first_aid", "issuer": "Croix-Rouge", "starts_at": "2090-06-01T07:00:00Z",
        "ends_at": "2090-06-01T15:00:00Z", "time_zone": "Europe/Brussels", "places": 12, "valid_months": 12,
        "trainees": [trainee], **changes,
    }  # fmt: skip


def document(**changes: Any) -> dict[str, Any]:
    """The note that Yanis was given before helping."""
    return {
        "id": BUDGET, "organisation_id": HOUSE, "person_id": YANIS, "version": 2, "kind": "volunteer_note",
        "language": "fr", "state": "made", "starts_on": "2090-07-01", "ends_on": None, "made_on": "2090-06-01",
        "handed_over_on": None, "signed_on": None, **changes,
    }  # fmt: skip


def employer(**changes: Any) -> dict[str, Any]:
    """Who the youth house is before the law."""
    return {
        "organisation_id": HOUSE, "version": 3, "legal_name": "Le Tremplin", "legal_form": "ASBL",
        "enterprise_number": "0403.170.701", "address": "Rue des Écoles 2", "social_purpose": "Animer",
        "contact_name": "Karim", "contact_role": "Direction", "insurer_name": "Assur", "policy_number": "A-1",
        "accident_insurer_name": None, "accident_policy_number": None, "is_confidential": True, **changes,
    }  # fmt: skip


def hour_terms(**changes: Any) -> dict[str, Any]:
    """What volunteers of the youth house get."""
    return {
        "id": BUDGET, "organisation_id": HOUSE, "volunteer_hour_value_minor": 1500, "lent_hour_price_minor": 2000,
        "currency": "EUR",
        "volunteer_day_allowance_minor": 2000, "valid_from": "2090-01-01", "valid_to": None, **changes,
    }  # fmt: skip


def neighbour(**changes: Any) -> dict[str, Any]:
    """Somebody of the home who could step in."""
    return {
        "person_id": LINA, "organisation_id": HOME, "display_name": "Lina", "can_be_asked": True, "has_account": True,
        "findings": [], **changes,
    }  # fmt: skip
