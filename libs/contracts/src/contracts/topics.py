"""The topics of the platform: one per aggregate, named after the service that owns it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """A Kafka topic. A compacted topic keeps the last state of every key; the others keep seven days."""

    name: str
    compacted: bool = False


ORGANISATIONS = Topic("partners.organisations", compacted=True)
MEMBERSHIPS = Topic("partners.memberships", compacted=True)
MEMBER_CONTACTS = Topic("partners.member_contacts", compacted=True)
AGREEMENTS = Topic("partners.agreements")
AGREEMENT_STATES = Topic("partners.agreement_states", compacted=True)
TASKS = Topic("partners.tasks")
LEASES = Topic("partners.leases")
ACCOUNT_PERSONS = Topic("activities.account_persons", compacted=True)
CONTACTS = Topic("activities.contacts", compacted=True)
SESSIONS = Topic("activities.sessions")
BOOKINGS = Topic("activities.bookings")
HOLDS = Topic("activities.holds")
ATTENDANCE = Topic("activities.attendance")
BUDGETS = Topic("finance.budgets")
COVERAGE = Topic("staffing.coverage")
RESERVATIONS = Topic("partners.reservations")
RESOURCE_HOLDS = Topic("partners.holds")
PEOPLE_HOLDS = Topic("staffing.holds")
PEOPLE = Topic("staffing.people", compacted=True)
SHIFTS = Topic("staffing.shifts")
SUBSTITUTES = Topic("staffing.substitutes")
APPLICATIONS = Topic("staffing.applications")
LENT_HOURS = Topic("staffing.lent_hours")
ERASURES = Topic("activities.erasures")
WORKERS_ERASED = Topic("staffing.erasures")
PAYERS_ERASED = Topic("finance.erasures")
MEMBERS_ERASED = Topic("partners.erasures")
RECIPIENTS_ERASED = Topic("notifications.erasures")

TOPICS = {
    topic.name: topic
    for topic in (
        ORGANISATIONS,
        MEMBERSHIPS,
        MEMBER_CONTACTS,
        AGREEMENTS,
        AGREEMENT_STATES,
        TASKS,
        LEASES,
        ACCOUNT_PERSONS,
        CONTACTS,
        SESSIONS,
        BOOKINGS,
        HOLDS,
        ATTENDANCE,
        BUDGETS,
        COVERAGE,
        RESERVATIONS,
        RESOURCE_HOLDS,
        PEOPLE_HOLDS,
        PEOPLE,
        SHIFTS,
        SUBSTITUTES,
        APPLICATIONS,
        LENT_HOURS,
        ERASURES,
        WORKERS_ERASED,
        PAYERS_ERASED,
        MEMBERS_ERASED,
        RECIPIENTS_ERASED,
    )
}
