"""Questions about share rules."""

from __future__ import annotations

from portal.asking import Refused
from portal.directory.domain import Post
from portal.share_rules.domain import ShareRule, newest_first, share_rule_of
from portal.visits import Visitor


async def list_share_rules(visitor: Visitor, post: Post) -> list[ShareRule]:
    """The association's share rules, what begins last first."""
    found = await visitor.asking.list_all("finance", "/share-rules", organisation_id=post.organisation.id)
    return newest_first(share_rule_of(answer) for answer in found)


async def get_share_rule(visitor: Visitor, post: Post, rule_id: str) -> ShareRule:
    """A share rule of the association. Raises Refused (404)."""
    for rule in await list_share_rules(visitor, post):
        if rule.id == rule_id:
            return rule
    raise Refused(404, "not-found", "There is no such share rule", None)
