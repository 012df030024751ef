"""Questions about documents."""

from __future__ import annotations

from portal.asking import Json, Refused
from portal.directory.domain import Post
from portal.documents.domain import Document, document_of
from portal.visits import Visitor


async def list_documents(visitor: Visitor, person_id: str) -> list[Document]:
    """The documents of somebody, the newest first."""
    found = await visitor.asking.list_all("staffing", "/documents", person_id=person_id)
    return sorted((document_of(one) for one in found), key=lambda one: one.id, reverse=True)


async def get_document(visitor: Visitor, person_id: str, document_id: str) -> Document:
    """A document of somebody. Raises Refused (404)."""
    found = document_of(await visitor.asking.get("staffing", f"/documents/{document_id}"))
    if found.person_id != person_id:
        raise Refused(404, "not-found", "This document is somebody else's", None)
    return found


async def get_file(visitor: Visitor, document: Document) -> bytes:
    """The PDF. Raises Refused (409) while it is being made."""
    return await visitor.asking.get_file("staffing", f"/documents/{document.id}/pdf")


async def find_employer(visitor: Visitor, post: Post) -> Json | None:
    """Who the association is before the law and how it is insured; None before somebody has said so."""
    try:
        found: Json = await visitor.asking.get("staffing", f"/organisations/{post.organisation.id}/employer-details")
    except Refused as problem:
        if problem.slug == "employer-is-not-described":
            return None
        raise
    return found
