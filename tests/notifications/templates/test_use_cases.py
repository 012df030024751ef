"""Every text exists in every language, uses only fields that are given, and follows the language's habits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jinja2 import TemplateNotFound, UndefinedError, meta

from notifications.templates.domain import ALWAYS, FIELDS, LANGUAGES, Kind, choose_language
from notifications.templates.use_cases import environment_of, read_texts, render

EVERY_FIELD: dict[str, Any] = {
    "name": "Amina Haddad",
    "names": ["Lina", "Yanis"],
    "place": "Centre de Valbois",
    "rooms": ["Salle bleue"],
    "is_elsewhere": True,
    "organiser": "Maison des jeunes",
    "public_url": "https://maillage.example.org",
    "time_zone": "Europe/Brussels",
    "title": "Atelier cirque",
    "starts_at": "2026-10-14T12:00:00+00:00",
    "ends_at": "2026-10-14T14:00:00+00:00",
    "previous_starts_at": "2026-10-07T12:00:00+00:00",
    "expires_at": "2026-10-10T22:00:00+00:00",
    "places": 2,
    "cancelled": 1,
    "position": 3,
    "price_minor": 123456,
    "given_back_minor": 500,
    "planned_minor": 100000,
    "reached_minor": 81000,
    "currency": "EUR",
    "reason": "by_request",
    "participants_present": 12,
    "walk_ins": 2,
    "present": 3,
    "absent": 1,
    "excused": 0,
    "asked": 4,
    "activity_title": "Cirque",
    "year": 2026,
    "line": "income",
    "threshold_percent": 80,
    "supervisors_needed": 2,
    "supervisors_present": 1,
    "qualified_needed": 1,
    "qualified_present": 1,
    "explanation": "10 participants: one supervisor per group of 12",
    "grounds": {
        "jurisdiction": "BE-FWB",
        "source": "Arrêté du 17 mars 2004",
        "younger_below_age": 6,
        "younger": 3,
        "older": 7,
        "unknown": 1,
        "adults": 2,
        "group_size": 8,
        "younger_per_supervisor": None,
        "older_per_supervisor": None,
        "qualified_share": "1/3",
        "unqualified_share_max": "1/2",
        "unqualified_not_counted": 1,
    },
    "ends_on": "2027-06-30",
    "party_names": ["Commune de Valbois", "Résidence Les Tilleuls"],
    "due_on": "2026-11-25",
    "meeting_title": "Coordination locale de novembre",
    "refused": ["Minibus", "Salle polyvalente"],
    "resource_name": "Minibus",
    "other_side": "Commune de Valbois",
    "notice_by": "2027-03-30",
    "role": "coordinator",
    "code": "PLUM-4711",
    "purpose": "confirm",
    "erased": 9,
    "kept": [
        {"record": "charges", "count": 2, "reason": "accounting", "until": "2033-12-31"},
        {"record": "worked_hours", "count": 1, "reason": "work_records", "until": None},
        {"record": "memberships", "count": 1, "reason": "still_in_office", "until": None},
    ],
}


def _fields(kind: Kind, **changes: Any) -> dict[str, Any]:
    allowed = ALWAYS | FIELDS[kind]
    return {name: value for name, value in {**EVERY_FIELD, **changes}.items() if name in allowed}


def _placeholders(language: str, name: str) -> set[str]:
    """The placeholders of a text and of the parts that it includes."""
    environment = environment_of(language)
    tree = environment.parse(read_texts(language)[name])
    used = meta.find_undeclared_variables(tree)
    for included in meta.find_referenced_templates(tree):
        assert included is not None
        used |= _placeholders(language, included)
    return used


def _every_text() -> Iterator[tuple[str, Kind]]:
    for language in LANGUAGES:
        for kind in Kind:
            yield language, kind


@pytest.mark.parametrize(("language", "kind"), _every_text())
def test_every_kind_renders_in_every_language_with_exactly_its_fields(language: str, kind: Kind) -> None:
    assert _placeholders(language, kind) | _placeholders(language, f"{kind}/subject") <= ALWAYS | FIELDS[kind]
    for changes in (
        {},
        {
            "names": [],
            "organiser": "",
            "place": "",
            "is_elsewhere": False,
            "public_url": "",
            "places": 1,
            "walk_ins": 0,
            "price_minor": 0,
        },
    ):
        rendered = render(kind, language, _fields(kind, **changes), as_letter=True)
        assert rendered.subject
        assert "\n" not in rendered.subject
        assert "{" not in rendered.subject + rendered.body
        assert "\n\n\n" not in rendered.body


@pytest.mark.parametrize("reason", ["by_request", "session_cancelled", "offer_expired", "offer_declined"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_of_a_cancellation_has_its_words(language: str, reason: str) -> None:
    told = render(
        Kind.booking_cancelled, language, _fields(Kind.booking_cancelled, reason=reason, places=0), as_letter=True
    )
    plain = render(Kind.booking_cancelled, language, _fields(Kind.booking_cancelled, places=0), as_letter=True)
    assert (told == plain) == (reason == "by_request")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_of_a_guest_has_its_words(language: str) -> None:
    kind = Kind.guest_places_held
    told = [
        render(kind, language, _fields(kind, purpose=purpose), as_letter=True)
        for purpose in ("confirm", "wait", "take_offer")
    ]
    assert len({text.subject for text in told}) == len({text.body for text in told}) == 3
    assert all("/guest-bookings/PLUM-4711" in text.body for text in told)
    assert all("{" not in text.body and "\n\n\n" not in text.body for text in told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_invitation_says_where_its_code_is_entered(language: str) -> None:
    said = render(Kind.member_invited, language, _fields(Kind.member_invited, role="animator"), as_letter=True)
    assert "https://maillage.example.org/invitation" in said.body


def test_the_languages_have_the_same_sections() -> None:
    names = {language: set(read_texts(language)) for language in LANGUAGES}
    assert names["nl"] == names["de"] == names["en"] == names["fr"]


@pytest.mark.parametrize(
    ("language", "day", "price"),
    [
        ("fr", "mercredi 14 octobre 2026, de 14:00 à 16:00", "1 234,56 €"),
        ("nl", "woensdag 14 oktober 2026, van 14:00 tot 16:00", "€ 1.234,56"),
        ("de", "Mittwoch, 14. Oktober 2026, von 14:00 bis 16:00 Uhr", "1.234,56 €"),
        ("en", "Wednesday, 14 October 2026, 14:00 to 16:00", "€1,234.56"),
    ],
)
def test_dates_and_money_follow_language_and_place(language: str, day: str, price: str) -> None:
    rendered = render(Kind.booking_confirmed, language, _fields(Kind.booking_confirmed), as_letter=True)
    body = rendered.body.replace("\u202f", " ").replace("\xa0", " ")
    assert day in body
    assert price in body


def test_a_missing_field_is_an_error_and_not_a_gap() -> None:
    fields = _fields(Kind.booking_offered)
    del fields["expires_at"]
    with pytest.raises(UndefinedError):
        render(Kind.booking_offered, "fr", fields, as_letter=True)


def test_plurals_follow_the_language() -> None:
    one = render(Kind.booking_offered, "nl", _fields(Kind.booking_offered, places=1), as_letter=False)
    two = render(Kind.booking_offered, "nl", _fields(Kind.booking_offered, places=2), as_letter=False)
    assert "1 plaats is" in one.body
    assert "2 plaatsen zijn" in two.body


def test_in_app_texts_are_neither_greeted_nor_signed() -> None:
    rendered = render(Kind.coverage_restored, "en", _fields(Kind.coverage_restored), as_letter=False)
    assert "Dear" not in rendered.body


@pytest.mark.parametrize(
    ("wanted", "association", "chosen"),
    [
        ("nl", ["fr"], "nl"),
        ("nl-BE", ["fr"], "nl"),
        ("de_BE", None, "de"),
        ("ar", ["nl", "fr"], "nl"),
        ("ar", ["tr", "de"], "de"),
        ("ar", [], "fr"),
        ("", None, "fr"),
    ],
)
def test_language_falls_back_to_the_association_and_then_to_french(
    wanted: str, association: list[str] | None, chosen: str
) -> None:
    assert choose_language(wanted, association) == chosen


def test_an_unknown_section_is_an_error() -> None:
    with pytest.raises(TemplateNotFound):
        environment_of("fr").get_template("no_such_kind")
