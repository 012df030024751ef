"""The numbers of this service: what each association makes of the platform, in figures that name nobody."""

from __future__ import annotations

from prometheus_client import Gauge

from common.measuring import Measurement

COMING_SESSIONS = Gauge("activities_coming_sessions", "Sessions that are to take place", ("organisation",))
BOOKED_PLACES = Gauge("activities_booked_places", "Places booked on coming sessions, by organiser", ("organisation",))

MEASUREMENTS = (
    Measurement(
        COMING_SESSIONS,
        """select o.slug, count(*) from sessions s join known_organisations o using (organisation_id)
            where s.starts_at > now() and s.state = 'scheduled' group by o.slug""",
    ),
    Measurement(
        BOOKED_PLACES,
        """select o.slug, sum(p.taken) from sessions s join session_places p on p.session_id = s.id
             join known_organisations o on o.organisation_id = s.organisation_id
            where s.starts_at > now() and s.state = 'scheduled' group by o.slug""",
    ),
)
