"""What a session takes instead of what it lost."""

from __future__ import annotations

from datetime import datetime

from portal.holds.domain import change_for, find_proposal, hold_of, lost_holds
from portal.sessions.domain import session_of
from tests.portal import answers

SESSION = session_of(answers.session())
SAME_HOUR, LATER = "2090-11-22T13:00:00Z", "2090-11-22T16:00:00Z"


def chosen(resource_id: str, starts_at: str) -> dict[str, str]:
    return {
        "lost_id": answers.HALL,
        "instead_id": resource_id,
        "starts_at": datetime.fromisoformat(starts_at).astimezone(SESSION.starts_at.tzinfo).isoformat(),
    }


def test_another_room_at_the_same_hour_is_asked_for_beside_the_rest() -> None:
    hold = hold_of(answers.lost_hold(), SESSION, [answers.resource(id=answers.LINA)])
    proposal = find_proposal(hold, **chosen(answers.LINA, SAME_HOUR))
    assert proposal is not None
    change = change_for(hold, answers.HALL, proposal, SESSION)
    assert list(change) == ["wishes"]
    wishes = change["wishes"]
    assert isinstance(wishes, dict)
    assert [one["resource_id"] for one in wishes["resources"]] == [answers.BUDGET, answers.LINA]
    assert (wishes["people"], wishes["answer_within_seconds"]) == (answers.lost_hold()["wishes"]["people"], 60)


def test_at_another_hour_the_session_moves_without_the_time_around_it() -> None:
    hold = hold_of(answers.lost_hold(minutes_before=30, starts_at="2090-11-22T15:30:00Z"), SESSION, [])
    proposal = find_proposal(hold, **chosen(answers.HALL, "2090-11-22T15:30:00Z"))
    assert proposal is not None
    change = change_for(hold, answers.HALL, proposal, SESSION)
    assert change["starts_at"] == "2090-11-22T17:00:00+01:00"
    assert change["ends_at"] == "2090-11-22T19:00:00+01:00"


def test_for_a_room_of_another_site_the_session_moves_there() -> None:
    elsewhere = answers.resource(id=answers.LINA, site_id=answers.HOME)
    hold = hold_of(answers.lost_hold(), SESSION, [elsewhere])
    assert [one.site_id for one in hold.things[0].proposals] == [answers.HOME, None]
    proposal = find_proposal(hold, **chosen(answers.LINA, SAME_HOUR))
    assert proposal is not None
    assert change_for(hold, answers.HALL, proposal, SESSION)["site_id"] == answers.HOME


def test_an_owner_who_decides_gets_days_to_answer() -> None:
    theirs = answers.resource(id=answers.LINA, approval="owner")
    hold = hold_of(answers.lost_hold(owner_organisation_id=answers.HOME), SESSION, [theirs])
    proposal = find_proposal(hold, **chosen(answers.LINA, SAME_HOUR))
    assert proposal is not None
    wishes = change_for(hold, answers.HALL, proposal, SESSION)["wishes"]
    assert isinstance(wishes, dict)
    assert wishes["answer_within_seconds"] == 3 * 24 * 60 * 60


def test_what_is_not_proposed_is_not_taken() -> None:
    hold = hold_of(answers.lost_hold(), SESSION, [])
    assert find_proposal(hold, **chosen(answers.YANIS, SAME_HOUR)) is None
    assert find_proposal(hold, **chosen(answers.LINA, LATER)) is None


def test_a_session_that_is_called_off_needs_nobody() -> None:
    (one,) = lost_holds([answers.lost_hold()], [SESSION])
    assert (one.session_id, one.names) == (answers.SESSION, ["Grande salle"])
    assert lost_holds([answers.lost_hold()], [session_of(answers.session(state="cancelled"))]) == []
