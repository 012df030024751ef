-- Coverage of each session, twenty people in each association, and a shift with somebody in it for each session.

insert into known_sessions select made.* from made_session s, known_sessions t, jsonb_populate_record(t,
     jsonb_build_object('session_id', s.session_id, 'organisation_id', s.organisation_id, 'activity_id',
       s.activity_id, 'starts_at', s.starts_at, 'ends_at', s.ends_at)) as made where t.session_id = (select session_id from template);

insert into covered_bookings (booking_id, organisation_id, session_id, version, ages)
select booking_id, organisation_id, session_id, 1, '{11}' from made_booking;

insert into coverages select made.* from made_session s, coverages t, jsonb_populate_record(t,
     jsonb_build_object('session_id', s.session_id, 'organisation_id', s.organisation_id, 'supervisors_needed', 2)) as made
    where t.session_id = (select session_id from coverages order by session_id = (select session_id from template) desc limit 1);

insert into people select made.* from association a, generate_series(0, 19) as nth,
     (select * from people where kind = 'volunteer' limit 1) t, jsonb_populate_record(t::people,
       jsonb_build_object('id', pg_temp.made_id('worker', a.number * 20 + nth), 'human_id',
       pg_temp.made_id('human', a.number * 20 + nth), 'organisation_id', a.organisation_id, 'display_name',
       'Person ' || nth, 'email', null, 'account_issuer', null, 'account_subject', null)) as made;

insert into shifts (id, organisation_id, state, session_id, session_version, activity_id, title, role, places,
                       required, starts_at, ends_at, time_zone, jurisdiction, is_open, version, lead_minutes,
                       tail_minutes)
select pg_temp.made_id('shift', s.number), s.organisation_id, 'planned', s.session_id, t.version, s.activity_id,
          t.title, 'animator', 1, '{}', s.starts_at, s.ends_at, t.time_zone, t.jurisdiction, false, 1, 0, 0
     from made_session s, known_sessions t where t.session_id = (select session_id from template);

insert into assignments (id, organisation_id, version, shift_id, person_id, human_id, engagement, state,
                            starts_at, ends_at, activity_id, findings)
select pg_temp.made_id('assignment', s.number), s.organisation_id, 1, pg_temp.made_id('shift', s.number),
          pg_temp.made_id('worker', worker), pg_temp.made_id('human', worker), 'volunteer', 'assigned',
          s.starts_at, s.ends_at, s.activity_id, '[]'
     from made_session s, lateral (select number / 400 * 20 + number % 20 as worker) as reckoned;
