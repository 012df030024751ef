"""The pages that are looked at: who looks, and where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol


class Scene(Protocol):
    """What the addresses need to know."""

    @property
    def state(self) -> Any: ...

    @property
    def workshop(self) -> str: ...


NOBODY = ""


def pages_of(scene: Scene) -> Iterator[tuple[str, str, str]]:
    """(name, who, path) of every page in its usual state; the reader is named by what he signs in with."""
    session = scene.state.sessions["cirque"][0]
    activity = scene.state.activities["cirque"]
    household = scene.state.households["tremplin-01"]
    child = scene.state.participants["tremplin-01-1"]
    manage = "/manage/tremplin"
    public = {
        "agenda": "/", "programme": "/o/tremplin", "activity": f"/o/tremplin/activities/{activity}",
        "session": scene.workshop, "nothing-fits": "/?q=zzzz", "accessibility": "/accessibility",
        "signed-out": "/signed-out", "not-found": "/nowhere",
    }  # fmt: skip
    yield from ((name, NOBODY, path) for name, path in public.items())
    own = {
        "who": f"{scene.workshop}/booking",
        "check": f"{scene.workshop}/booking/check?for={household}&who={child}",
        "nobody-chosen": f"{scene.workshop}/booking/check?for={household}",
        "household": "/household", "messages": "/messages",
    }  # fmt: skip
    yield from ((name, "amina", path) for name, path in own.items())
    team = {
        "today": manage, "team-session": f"{manage}/sessions/{session}", "families":
        f"{manage}/sessions/{session}/families?name=a", "list": f"{manage}/sessions/{session}/list",
        "attendance": f"{manage}/sessions/{session}/attendance", "budgets": f"{manage}/budgets",
        "settlements": f"{manage}/settlements", "link": "/household", "forbidden": "/manage/tilleuls",
    }  # fmt: skip
    yield from ((name, "amelie", path) for name, path in team.items())
