"""Questions about training."""

from __future__ import annotations

from portal.asking import Refused
from portal.directory.domain import Post
from portal.training.domain import Training, training_of
from portal.visits import Visitor


async def list_trainings(visitor: Visitor, post: Post) -> list[Training]:
    """The trainings of the association."""
    found = await visitor.asking.list_all("staffing", "/trainings", organisation_id=post.organisation.id)
    return [training_of(one) for one in found]


async def get_own_training(visitor: Visitor, post: Post, training_id: str) -> Training:
    """A training of the association. Raises Refused (404)."""
    training = training_of(await visitor.asking.get("staffing", f"/trainings/{training_id}"))
    if training.organisation_id != post.organisation.id:
        raise Refused(404, "not-found", "Another association plans this training", None)
    return training
