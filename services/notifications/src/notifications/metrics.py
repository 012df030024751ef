"""The numbers of this service beside those that every process shows."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

MESSAGES = Counter("notifications_messages_total", "Messages by the state that they came into", ("state",))
UNCERTAIN_SENDS = Counter(
    "notifications_uncertain_sends_total", "E-mails sent again because the mail server's answer was lost"
)
OLDEST_PENDING_AGE_SECONDS = Gauge("notifications_oldest_pending_age_seconds", "Age of the oldest unsent e-mail")
