"""Programmes from draft to closed, and the activities in them."""

from __future__ import annotations

import pytest

from activities.programmes import queries
from activities.programmes.domain import (
    NoDraftAnyMore,
    ObjectiveWithoutIndicator,
    ProgrammeClosed,
    ProgrammeState,
    TermsArePublished,
    UnknownActivity,
    UnknownProgramme,
    WaitingRule,
)
from activities.programmes.use_cases import (
    ObjectivePlan,
    add_activity,
    change_activity,
    draft_programme,
    move_programme,
    rewrite_programme,
)
from common.ids import new_id
from common.problems import ProblemError
from common.testing import published
from tests.activities.conftest import Desk, activity_plan, programme_plan


async def test_a_draft_is_written_and_rewritten_with_its_objectives(desk: Desk) -> None:
    drafted = await draft_programme(desk.session, desk.organisation_id, programme_plan())
    assert (drafted.programme.state, drafted.programme.version) == ("draft", 1)
    objectives = [ObjectivePlan("Learn", "Skills shown", "skills", 3), ObjectivePlan("Meet", "Meals", "meals", 2)]
    plan = programme_plan(title="Mieux ensemble", policy_axes=[], objectives=objectives)
    await rewrite_programme(desk.session, drafted.programme.id, plan, expected_version=1)
    found = await queries.get_programme(desk.session, drafted.programme.id)
    assert (found.programme.title, found.programme.policy_axes, found.programme.version) == ("Mieux ensemble", [], 2)
    assert [objective.statement for objective in found.objectives] == ["Learn", "Meet"]
    assert await published(desk.session) == []


async def test_what_was_approved_is_not_rewritten(desk: Desk) -> None:
    drafted = await draft_programme(desk.session, desk.organisation_id, programme_plan())
    await move_programme(desk.session, drafted.programme.id, ProgrammeState.approved, 1)
    with pytest.raises(NoDraftAnyMore):
        await rewrite_programme(desk.session, drafted.programme.id, programme_plan(), expected_version=2)
    with pytest.raises(ProblemError):
        await move_programme(desk.session, drafted.programme.id, ProgrammeState.published, 1)


async def test_an_objective_without_an_indicator_is_refused(desk: Desk) -> None:
    plan = programme_plan(objectives=[ObjectivePlan("Meet", "  ", "sessions", 1)])
    with pytest.raises(ObjectiveWithoutIndicator):
        await draft_programme(desk.session, desk.organisation_id, plan)


async def test_publishing_opens_the_activities_and_later_ones_are_open_at_once(desk: Desk) -> None:
    programme_id = (await draft_programme(desk.session, desk.organisation_id, programme_plan())).programme.id
    early = await add_activity(desk.session, activity_plan(programme_id))
    assert not early.published
    await move_programme(desk.session, programme_id, ProgrammeState.approved, 1)
    await move_programme(desk.session, programme_id, ProgrammeState.published, 2)
    await desk.session.refresh(early)
    assert (early.published, early.version) == (True, 2)
    assert (await add_activity(desk.session, activity_plan(programme_id))).published


async def test_a_closed_programme_takes_no_activity(desk: Desk) -> None:
    programme_id = (await draft_programme(desk.session, desk.organisation_id, programme_plan())).programme.id
    for version, state in enumerate(("approved", "published", "closed"), start=1):
        await move_programme(desk.session, programme_id, ProgrammeState(state), version)
    with pytest.raises(ProgrammeClosed):
        await add_activity(desk.session, activity_plan(programme_id))


async def test_an_activity_keeps_its_promises_once_published(desk: Desk) -> None:
    programme_id = (await draft_programme(desk.session, desk.organisation_id, programme_plan())).programme.id
    draft = await add_activity(desk.session, activity_plan(programme_id))
    changed = await change_activity(desk.session, draft.id, {"waiting_rule": WaitingRule.arrival_if_it_fits}, 1)
    assert (changed.waiting_rule, changed.version) == ("arrival_if_it_fits", 2)
    promised = await desk.activity()
    with pytest.raises(TermsArePublished):
        await change_activity(desk.session, promised, {"offer_hours": 1}, 1)
    assert (await change_activity(desk.session, promised, {"title": "Jonglage"}, 1)).title == "Jonglage"


async def test_unknown_things_are_unknown(desk: Desk) -> None:
    with pytest.raises(UnknownProgramme):
        await move_programme(desk.session, new_id(), ProgrammeState.approved, 1)
    with pytest.raises(UnknownProgramme):
        await add_activity(desk.session, activity_plan(new_id()))
    with pytest.raises(UnknownActivity):
        await change_activity(desk.session, new_id(), {"title": "?"}, 1)
