"""The map of a federation: where circles and names stand."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from portal.directory.domain import Organisation
from portal.federation.domain import LABEL_HEIGHT, MAP_WIDTH, RADIUS_MAX, RADIUS_MIN, Row, Spot, map_of

NAMUR, LEUVEN, EUPEN, WAVRE = (50.4674, 4.8718), (50.8798, 4.7005), (50.6279, 6.0345), (50.7172, 4.6014)


def row(name: str, position: tuple[float, float] | None, capacity: int = 0) -> Row:
    organisation = Organisation(name, "association", name, name.lower(), None, ("fr",), False, "#b4472a", (), position)
    return Row(organisation, 1, 0, capacity, None, None, None)


def by_name(rows: list[Row]) -> dict[str, Spot]:
    return {spot.row.association.name: spot for spot in map_of(rows).spots}


def test_north_is_above_and_east_is_right() -> None:
    spots = by_name([row("Namur", NAMUR), row("Leuven", LEUVEN), row("Eupen", EUPEN), row("Wavre", WAVRE)])
    assert [name for name, _ in sorted(spots.items(), key=lambda one: one[1].y)] == [
        "Leuven", "Wavre", "Eupen", "Namur",
    ]  # fmt: skip
    assert [name for name, _ in sorted(spots.items(), key=lambda one: one[1].x)] == [
        "Wavre", "Leuven", "Namur", "Eupen",
    ]  # fmt: skip


def test_distances_keep_their_proportions() -> None:
    spots = by_name([row("Namur", NAMUR), row("Leuven", LEUVEN), row("Eupen", EUPEN)])

    def drawn(one: str, other: str) -> float:
        return math.hypot(spots[one].x - spots[other].x, spots[one].y - spots[other].y)

    kilometres = {("Namur", "Leuven"): 47.5, ("Leuven", "Eupen"): 98.1, ("Namur", "Eupen"): 84.1}
    scales = [drawn(*pair) / distance for pair, distance in kilometres.items()]
    assert max(scales) / min(scales) < 1.02


def test_circles_grow_with_the_places_offered() -> None:
    spots = by_name([row("Namur", NAMUR, 100), row("Leuven", LEUVEN, 25), row("Eupen", EUPEN)])
    assert spots["Namur"].radius == RADIUS_MAX
    assert spots["Leuven"].radius == (RADIUS_MIN + RADIUS_MAX) / 2
    assert spots["Eupen"].radius == RADIUS_MIN


@pytest.mark.parametrize(
    "positions",
    [
        [NAMUR],
        [NAMUR, NAMUR],
        [NAMUR, (NAMUR[0], 5.0)],
        [NAMUR, (51.0, NAMUR[1])],
        [NAMUR, (NAMUR[0] + 1e-9, NAMUR[1])],
        [(90.0, 180.0), (-90.0, -180.0)],
        [(90.0, 180.0), (90.0, -180.0)],
    ],
)
def test_everything_stays_inside(positions: list[tuple[float, float]]) -> None:
    drawing = map_of([row(f"Maison de jeunes {number}", one, 10) for number, one in enumerate(positions)])
    assert len(drawing.spots) == len(positions)
    for spot in drawing.spots:
        assert spot.radius <= spot.x <= MAP_WIDTH - spot.radius
        assert spot.radius <= spot.y <= drawing.height
        assert 0 <= spot.label_x <= MAP_WIDTH
        assert spot.label_y < drawing.height


def test_names_at_one_place_leave_each_other_room() -> None:
    names = sorted(spot.label_y for spot in map_of([row(f"Centre {number}", NAMUR) for number in range(5)]).spots)
    assert all(later - earlier >= LABEL_HEIGHT for earlier, later in pairwise(names))


def test_a_name_stands_above_its_circle_where_another_circle_lies_below() -> None:
    south = (NAMUR[0] - 0.02, NAMUR[1])
    far = (NAMUR[0] - 0.2, NAMUR[1])
    drawn = by_name([row("North", NAMUR, 10), row("South", south, 10), row("Far", far, 10)])
    assert drawn["North"].label_y < drawn["North"].y
    assert drawn["South"].label_y > drawn["South"].y


def test_long_names_are_cut_on_the_map_only() -> None:
    (spot,) = map_of([row("x" * 200, NAMUR)]).spots
    assert spot.label.endswith("…")
    assert len(spot.label) == 48
    assert len(spot.row.association.name) == 200


def test_who_is_not_on_the_map_is_named() -> None:
    drawing = map_of([row("Namur", None), row("Leuven", LEUVEN)])
    assert [one.name for one in drawing.missing] == ["Namur"]
    assert map_of([row("Namur", None)]).spots == []
    assert map_of([]).missing == []
