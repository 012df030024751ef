-- What each service reckons for itself from the same associations (`joined`): sessions, bookings and people with equal
-- ids. Ids of one kind are in the order of their numbers, as those that grow with time are. `template` names a session
-- of the demo; rows that hold much else are copies of its rows.

create function pg_temp.made_id(kind text, number bigint) returns uuid language sql immutable as $$
  select ('0198' || lpad(to_hex(number), 12, '0') || '7' || left(md5(kind), 3) || '8' || left(md5(kind), 11))::uuid
$$;

create temporary table association as
select number, organisation_id, site_id, pg_temp.made_id('programme', number) as programme_id,
       pg_temp.made_id('activity', number) as activity_id
  from joined;

create temporary table made_session as
select reckoned.number, pg_temp.made_id('session', reckoned.number) as session_id, association.organisation_id, site_id, programme_id,
       activity_id, starts_at, starts_at + interval '2 hours' as ends_at
  from association, generate_series(0, 399) as nth,
       lateral (select association.number * 400 + nth as number, date_trunc('day', now())
                  + (nth - 300) * interval '1 day'
                  + (8 + (association.number + nth) % 10) * interval '1 hour' as starts_at) as reckoned;

create temporary table made_booking as
select number, pg_temp.made_id('booking', number) as booking_id, made.*,
       pg_temp.made_id('participant', person) as participant_id, pg_temp.made_id('household', person / 2)
       as household_id, pg_temp.made_id('contact', person / 2) as contact_id
  from (select session_id, organisation_id, activity_id, starts_at, s.number as session_number from made_session s)
       as made, generate_series(0, 24) as nth,
       lateral (select session_number * 25 + nth as number,
                       session_number / 400 * 2000
                       + (session_number * 13 + nth) % 2000 as person) as reckoned;

create temporary table made_person as
select reckoned.number, pg_temp.made_id('participant', reckoned.number) as participant_id, organisation_id,
       pg_temp.made_id('household', reckoned.number / 2) as household_id,
       pg_temp.made_id('contact', reckoned.number / 2) as contact_id
  from association, generate_series(0, 1999) as nth,
       lateral (select association.number * 2000 + nth as number) as reckoned;
