"""Asking for documents, and noting what became of them."""

from __future__ import annotations

from collections.abc import Mapping

from portal.directory.domain import Post
from portal.documents.domain import Document
from portal.visits import Visitor


async def ask_for_document(visitor: Visitor, person_id: str, body: Mapping[str, object], key: str) -> None:
    """Ask for a document, once for a key; it is made within seconds. Raises Refused or Unavailable."""
    await visitor.asking.create("staffing", f"/people/{person_id}/documents", body, key)


async def take_step(visitor: Visitor, document: Document, state: str, version: int) -> None:
    """Say that it was handed over or signed today, or is void. Raises Refused or Unavailable."""
    await visitor.asking.change("PATCH", "staffing", f"/documents/{document.id}", {"state": state}, version)


async def describe_employer(visitor: Visitor, post: Post, body: Mapping[str, object], version: int) -> None:
    """Say who the association is, on the version that was read; 0 the first time. Raises Refused or Unavailable."""
    path = f"/organisations/{post.organisation.id}/employer-details"
    await visitor.asking.change("PUT", "staffing", path, body, version)
