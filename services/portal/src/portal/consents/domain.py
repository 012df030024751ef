"""What a household is asked, with what it last answered; and what a team must know of the answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

YES, NO = "yes", "no"
ADULT_AGE = 18


@dataclass(frozen=True)
class Question:
    """One wording with the answer that holds; `name` is that of its field in a form."""

    name: str
    purpose: str
    version: int
    text: str
    answer: str
    answered_at: datetime | None
    is_by_staff: bool


@dataclass(frozen=True)
class Sheet:
    """What is asked about one member of a household, or about the household itself."""

    subject_id: str
    name: str
    is_household: bool
    questions: Sequence[Question]


def sheets_of(
    household: Mapping[str, Any] | None,
    members: Sequence[Mapping[str, Any]],
    wordings: Sequence[Mapping[str, Any]],
    standing: Sequence[Mapping[str, Any]],
    language: str,
    today: date,
) -> list[Sheet]:
    """The sheets of the members, then that of the household, if there is one; each in the reader's language."""
    held = {(one["participant_id"] or one["household_id"], one["purpose"]): one for one in standing}
    of_people = [wording for wording in wordings if not wording["is_about_household"]]
    sheets = [
        _sheet(
            member["id"],
            f"{member['given_name']} {member['family_name']}",
            [one for one in of_people if one["purpose"] != "leaving_alone" or is_minor(member["born_on"], today)],
            held,
            language,
        )
        for member in members
    ]
    if household is not None:
        about = [wording for wording in wordings if wording["is_about_household"]]
        sheets.append(_sheet(household["id"], household["name"], about, held, language, is_household=True))
    return sheets


def _sheet(
    subject_id: str,
    name: str,
    wordings: Sequence[Mapping[str, Any]],
    held: Mapping[tuple[str, str], Mapping[str, Any]],
    language: str,
    *,
    is_household: bool = False,
) -> Sheet:
    questions = []
    for wording in wordings:
        last = held.get((subject_id, wording["purpose"]))
        questions.append(
            Question(
                name=f"{wording['purpose']}.{wording['version']}.{subject_id}",
                purpose=wording["purpose"],
                version=wording["version"],
                text=wording["texts"][language],
                answer="" if last is None else YES if last["is_given"] else NO,
                answered_at=None if last is None else datetime.fromisoformat(last["answered_at"]),
                is_by_staff=last is not None and last["is_by_staff"],
            )
        )
    return Sheet(subject_id, name, is_household, questions)


def is_minor(born_on: str | None, today: date) -> bool:
    """True below the age of 18, and for whoever's date of birth is not known."""
    if born_on is None:
        return True
    born = date.fromisoformat(born_on)
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) < ADULT_AGE


def new_answers(sheets: Sequence[Sheet], fields: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """What a submitted form answers differently from before; what was not asked is left out."""
    wished = dict(fields)
    return [
        {
            "household_id" if sheet.is_household else "participant_id": sheet.subject_id,
            "purpose": question.purpose,
            "wording_version": question.version,
            "is_given": wished[question.name] == YES,
        }
        for sheet in sheets
        for question in sheet.questions
        if wished.get(question.name) in (YES, NO) and wished[question.name] != question.answer
    ]


def key_of(form_key: str, answer: Mapping[str, Any]) -> str:
    """The key under which one answer of a form is sent: the same when the form is sent twice."""
    subject = answer.get("household_id") or answer["participant_id"]
    return str(uuid5(UUID(form_key), f"{subject} {answer['purpose']}"))


@dataclass(frozen=True)
class Flag:
    """A remark on a list: its name, how grave it is, and its picture."""

    name: str
    kind: str
    icon: str


NO_PHOTO = Flag("no-photo", "danger", "camera-off")
PHOTO_NOT_ASKED = Flag("photo-not-asked", "warn", "camera-off")
LEAVES_ALONE = Flag("leaves-alone", "ok", "footprints")
HEALTH_NOT_SHARED = Flag("health-not-shared", "", "heart-pulse")


def flags_of(entry: Mapping[str, Any]) -> list[Flag]:
    """What a team must know of somebody on its list: what nobody has consented to is not allowed."""
    given, refused = entry["consents_given"], entry["consents_refused"]
    flags = []
    if "photo" not in given:
        flags.append(NO_PHOTO if "photo" in refused else PHOTO_NOT_ASKED)
    if "leaving_alone" in given and (entry["age"] is None or entry["age"] < ADULT_AGE):
        flags.append(LEAVES_ALONE)
    if "health_notes" in refused:
        flags.append(HEALTH_NOT_SHARED)
    return flags
