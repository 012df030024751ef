"""The list of an association's people."""

from __future__ import annotations

from datetime import date

from portal.people.domain import leave_of, lines_of, paper_of, person_of, wished_lines
from tests.portal import answers

TODAY = date(2090, 11, 20)


def test_who_has_left_comes_last_and_expired_papers_do_not_count() -> None:
    left = person_of(answers.person(id=answers.HOME, display_name="Anna", ended_on="2090-10-01"))
    lines = lines_of(
        [left, person_of(answers.person())],
        [paper_of(answers.paper()), paper_of(answers.paper(kind="lifeguard", expires_on="2090-11-19"))],
        [leave_of(answers.leave()), leave_of(answers.leave(state="approved"))],
        {answers.YANIS: ["many_evenings"]},
        TODAY,
    )
    assert [line.person.display_name for line in lines] == ["Noah", "Anna"]
    assert [paper.kind for paper in lines[0].papers] == ["first_aid"]
    assert [leave.state for leave in lines[0].asked] == ["requested"]
    assert (lines[0].signs, lines[1].signs) == (["many_evenings"], ())


def test_a_record_is_shown_as_a_form_in_hours() -> None:
    values = person_of(answers.person()).values
    assert (values["weekly_hours"], values["phone"], values["version"]) == ("38", "", "4")


def test_the_list_is_filtered_and_ordered_with_those_who_left_last() -> None:
    people = [
        person_of(answers.person(id=person_id, display_name=name, kind=kind, started_on=since, ended_on=until))
        for person_id, name, kind, since, until in (
            (answers.YANIS, "Noah", "employee", "2080-01-01", None),
            (answers.LINA, "Anna", "volunteer", "2085-01-01", None),
            (answers.HOME, "Hanna", "volunteer", "2089-01-01", "2090-10-01"),
        )
    ]
    lines = lines_of(people, [paper_of(answers.paper())], [], {}, TODAY)
    for wished, found in (
        ({}, ["Anna", "Noah", "Hanna"]),
        ({"order": "newest"}, ["Anna", "Noah", "Hanna"]),
        ({"name": "ANNA"}, ["Anna", "Hanna"]),
        ({"kind": "employee"}, ["Noah"]),
        ({"paper": "first_aid"}, ["Noah"]),
        ({"paper": "lifeguard"}, []),
    ):
        assert [line.person.display_name for line in wished_lines(lines, wished, TODAY)] == found, wished
