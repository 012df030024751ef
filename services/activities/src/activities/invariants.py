"""What must always hold in this service's database."""

from __future__ import annotations

from access.intrusion import ASSOCIATIONS_APART
from common.invariants import Invariant, rows_of

PLACES_TAKEN = rows_of(
    """select p.session_id from session_places p left join (
              select b.session_id, count(*) as live from booked_places b join bookings k on k.id = b.booking_id
               where b.cancelled_at is null and k.state in ('confirmed', 'offered') group by b.session_id) as booked
           on booked.session_id = p.session_id left join (
              select session_id, sum(places_count) as places from guest_holds where state = 'held' group by session_id)
           as held on held.session_id = p.session_id
        where p.taken <> coalesce(booked.live, 0) + coalesce(held.places, 0)"""
)
WAITING_COUNTED = rows_of(
    """select p.session_id from session_places p left join (
              select session_id, count(*) as waiting from bookings where state = 'waiting' group by session_id) as queue
           on queue.session_id = p.session_id
        where p.waiting_count <> coalesce(queue.waiting, 0)"""
)
BOOKINGS_ANNOUNCED = rows_of(
    """select k.id from bookings k
        where k.created_at > greatest(now() - interval '6 days', (select min(occurred_at) from outbox_events))
          and not exists (select from outbox_events o where o.topic = 'activities.bookings' and o.key = k.id)"""
)

ERASURES_COMPLETE = rows_of("select id from erasures where state <> 'complete' and asked_at < now() - interval '1 day'")

INVARIANTS = (
    ASSOCIATIONS_APART,
    Invariant(
        "places_taken", "The places taken of a session are those of its live bookings and of guests.", PLACES_TAKEN
    ),
    Invariant("waiting_counted", "A session counts as many waiting bookings as there are.", WAITING_COUNTED),
    Invariant("bookings_announced", "Every booking of this week was announced to the others.", BOOKINGS_ANNOUNCED),
    Invariant("erasures_complete", "An erasure is complete a day after it was asked.", ERASURES_COMPLETE),
)
