"""The problems that services answer with, in words for the people who met them."""

from __future__ import annotations

from portal.asking import Refused
from portal.languages import for_later, translate

TEXTS = {
    "session-full": for_later("There are not enough free places any more."),
    "unknown-guest-code": for_later("This link does not work. Open the one in the newest e-mail, or book again."),
    "hold-given-back": for_later("The places were no longer kept: the link was not followed in time. Book again."),
    "still-booked": for_later("Cancel first what is still to come; then ask again."),
    "wording-changed": for_later("What is asked was worded anew meanwhile. Read it, then answer again."),
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
    "starts-in-the-past": for_later("A session is planned for the future. Choose a later day or time."),
    "ends-too-early": for_later("A session must end after it starts."),
    "invalid-recurrence": for_later("This series gives no session, or too many: at most 120 within 400 days."),
    "unknown-site": for_later("This place is not open any more. Choose another one."),
    "ages-crossed": for_later("The lowest age lies above the highest."),
    "minimum-above-capacity": for_later("It cannot need more bookings than it has places."),
    "capacity-below-taken": for_later("More places are taken than that. Cancel bookings first."),
    "programme-closed": for_later("This programme has ended and takes nothing new."),
    "no-draft-any-more": for_later("An approved programme is not rewritten any more."),
    "ends-before-it-starts": for_later("The last day lies before the first."),
    "terms-are-published": for_later("What was promised to those who book stays as it was published."),
    "wrong-programme-step": for_later("Somebody took this step before. Look at the programme again."),
    "membership-has-ended": for_later("This membership has ended before."),
    "last-leader-must-stay": for_later(
        "Somebody must go on leading this association: give another person the role first."
    ),
    "already-member": for_later("This person has this role here already."),
    "already-invited": for_later("An invitation to this role is open at this address."),
    "role-does-not-fit": for_later("Nobody can have this role here."),
    "may-not-be-assigned": for_later("A rule forbids this assignment."),
    "needs-a-reason": for_later("A rule warns: say why it is right all the same."),
    "places-are-taken": for_later("Enough people are on it already."),
    "may-not-leave": for_later("Only volunteers take themselves off a shift: ask who makes the rota."),
    "substitute-request-is-closed": for_later("Somebody else was quicker, or nobody is needed here any more."),
    "not-asked": for_later("Only who was asked steps in. Ask who makes the rota."),
    "dates-are-reversed": for_later("The last day lies before the first."),
    "leave-is-decided": for_later("This leave was decided before."),
    "person-without-email": for_later("There is no e-mail address to send a code to."),
    "hours-are-decided": for_later("These hours were answered before."),
    "hours-are-not-over": for_later("This time is not over yet: record it afterwards."),
    "hours-are-recorded": for_later("Some of this time is recorded already."),
    "hours-are-reversed": for_later("It must end after it starts, and the break must fit between."),
    "consent-is-his-own": for_later("Who has an account says so himself."),
    "two-duties-at-once": for_later("This account is on two shifts at the same time."),
    "account-is-linked": for_later("This account is linked to another record here."),
    "proposal-is-not-ready": for_later("This proposal cannot be accepted any more. Ask for a new one."),
    "resource-not-free": for_later("It cannot be had at that time. Look at the week and choose another one."),
    "period-impossible": for_later("A reservation ends after it starts, and lies in the future."),
    "not-waiting-for-approval": for_later("Nobody waits for this answer any more."),
    "not-a-draft": for_later("This agreement was sent and does not change any more. End it and draft another one."),
    "not-open-for-signature": for_later("This agreement is not open for signature."),
    "signed-before": for_later("This side has signed before."),
    "no-party-of-the-agreement": for_later("This organisation is no side of the agreement."),
    "agreement-does-not-cover": for_later(
        "The agreement does not cover this: see its days, its sides and what they bring."
    ),
    "unfit-terms": for_later("The terms contradict each other. Check the days, the sides, and what each brings."),
    "unfit-meeting": for_later("A meeting ends after it starts, and a representation says who goes."),
    "nobody-to-own-it": for_later("A task goes to somebody who works for this association now."),
    "attendance-too-early": for_later("Attendance can be taken from an hour before the session on."),
    "marked-meanwhile": for_later("Somebody else marked the same person meanwhile. Look at both, then decide."),
    "safety-rule-fails": for_later("A safety rule stands in the way: see below which one and what to do."),
    "not-the-day": for_later("A session is opened on its day, before it ends."),
    "opened-before": for_later("Somebody has opened this session: its checklist stays as it was."),
    "nothing-to-override": for_later("No rule stands in the way any more: open the session without a reason."),
    "reviewed-in-the-future": for_later("Nobody reviews a risk sheet in the future: choose today or a day before."),
    "unknown-checklist-item": for_later("Somebody changed this checklist meanwhile. Load the page again."),
    "not-of-this-session": for_later("Give the moment when it happened: around the session, and not later than now."),
    "not-on-the-list": for_later("Somebody concerned has no place in this session any more: tell of them in the text."),
    "not-booked": for_later("Somebody on the list has given up their place meanwhile."),
    "forbidden": for_later("Your role does not allow this here."),
    "not-found": for_later("There is nothing here that you may see."),
    "idempotency-key-reused": for_later("This form was sent before with other contents. Load the page again."),
}
OTHERWISE = for_later("That did not work. Load the page again and try once more.")


def text_of_problem(problem: Refused) -> str:
    """The problem in the language of the request."""
    return translate(TEXTS.get(problem.slug, OTHERWISE))
