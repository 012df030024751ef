"""The problems that services answer with, in words for the people who met them."""

from __future__ import annotations

from portal.asking import Refused
from portal.languages import for_later, translate

TEXTS = {
    "session-full": for_later("There are not enough free places any more."),
    "already-booked": for_later("Somebody you chose already has a place in this session."),
    "not-eligible": for_later("This session is for another age."),
    "session-not-open": for_later("This session can no longer be booked or changed: it has begun or was called off."),
    "unknown-participants": for_later("You do not answer for somebody you chose."),
    "several-households": for_later("Book each household by itself."),
    "nothing-to-cancel": for_later("These places were given up before."),
    "no-offer": for_later("There is no open offer for this booking any more."),
    "offer-expired": for_later("The offer was not answered in time and went to the next on the list."),
    "invalid-link-code": for_later("This code does not work. Check it, or ask the association for a new one."),
    "changed-meanwhile": for_later("Somebody else changed this meanwhile. Look at it again before you go on."),
    "attendance-too-early": for_later("Attendance can be taken from the start of the session."),
    "not-booked": for_later("Somebody on the list has given up their place meanwhile."),
    "forbidden": for_later("Your role does not allow this here."),
    "not-found": for_later("There is nothing here that you may see."),
    "idempotency-key-reused": for_later("This form was sent before with other contents. Load the page again."),
}
OTHERWISE = for_later("That did not work. Load the page again and try once more.")


def text_of_problem(problem: Refused) -> str:
    """The problem in the language of the request."""
    return translate(TEXTS.get(problem.slug, OTHERWISE))
