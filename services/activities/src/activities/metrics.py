"""The numbers of this service: what each association makes of the platform, in figures that name nobody."""

from __future__ import annotations

from prometheus_client import Gauge

from common.measuring import Measurement

COMING_SESSIONS = Gauge("activities_coming_sessions", "Sessions that are to take place", ("organisation",))
BOOKED_PLACES = Gauge("activities_booked_places", "Places booked on coming sessions, by organiser", ("organisation",))
PAST_PERIOD = Gauge(
    "activities_households_past_period", "Households kept for longer than the rules have it", ("organisation",)
)

MEASUREMENTS = (
    Measurement(
        PAST_PERIOD,
        """select o.slug, count(*) from households h join known_organisations o using (organisation_id)
             join retention_rules r on r.jurisdiction = split_part(o.jurisdiction, '-', 1) and r.record = 'households'
              and current_date between coalesce(r.valid_from, '-infinity') and coalesce(r.valid_to, 'infinity')
             cross join lateral (select make_date(extract(year from current_date)::int - r.years::int, 1, 1) as day)
                     as since
            where h.created_at < since.day
              and not exists (select from participants p join booked_places b on b.participant_id = p.id
                                join sessions s on s.id = b.session_id
                               where p.household_id = h.id and s.ends_at >= since.day)
              and not exists (select from bookings b join sessions s on s.id = b.session_id
                               where b.payer_id = h.id and s.ends_at >= since.day)
              and not exists (select from participants p where p.household_id = h.id and p.created_at >= since.day)
              and not exists (select from erasures e where h.id = any(e.household_ids))
            group by o.slug""",
    ),
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
