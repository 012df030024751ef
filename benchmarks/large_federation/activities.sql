-- Programmes, sessions, families, bookings and attendance.

insert into programmes select made.* from association a, programmes t, jsonb_populate_record(t,
     jsonb_build_object('id', programme_id, 'organisation_id', a.organisation_id)) as made
    where t.id = (select programme_id from sessions where id = (select session_id from template));

insert into activities select made.* from association a, activities t, jsonb_populate_record(t,
     jsonb_build_object('id', a.activity_id, 'organisation_id', a.organisation_id, 'programme_id', a.programme_id))
     as made where t.id = (select activity_id from sessions where id = (select session_id from template));

insert into sessions select made.* from made_session s, sessions t, jsonb_populate_record(t,
     jsonb_build_object('id', session_id, 'organisation_id', s.organisation_id, 'activity_id', s.activity_id,
       'programme_id', s.programme_id, 'site_id', s.site_id, 'starts_at', s.starts_at, 'ends_at', s.ends_at,
       'series_id', null, 'state', case when s.ends_at < now() then 'completed' else 'scheduled' end)) as made
    where t.id = (select session_id from template);

insert into session_places (session_id, organisation_id, session_version, capacity, taken)
    select session_id, s.organisation_id, t.version, 40, 25 from made_session s, sessions t
     where t.id = (select session_id from template);

insert into households (id, organisation_id, name)
select household_id, organisation_id, 'Family ' || number / 2 from made_person where number % 2 = 0;

insert into contacts (id, organisation_id, household_id, display_name, email, language)
select contact_id, organisation_id, household_id, 'Contact ' || number, number || '@families.example', 'fr'
     from made_person where number % 2 = 0;

insert into participants (id, organisation_id, household_id, given_name, family_name, born_on)
select participant_id, organisation_id, household_id, 'Child', 'Number ' || number, '2015-05-01'
     from made_person;

insert into bookings (id, organisation_id, session_id, state, contact_id, payer_kind, payer_id, currency,
                         created_at)
select booking_id, organisation_id, session_id, 'confirmed', contact_id, 'household', household_id, 'EUR',
          starts_at - interval '20 days' from made_booking;

insert into booked_places (booking_id, participant_id, organisation_id, session_id, home_organisation_id, age,
                              price_category, price_minor)
select booking_id, participant_id, organisation_id, session_id, organisation_id, 11, 'standard', 500
     from made_booking;

insert into booking_decisions (organisation_id, booking_id, decision, explanation)
select organisation_id, booking_id, 'confirmed', '{"code": "places_free"}' from made_booking;

insert into attendance_sheets (session_id, organisation_id, version)
select session_id, organisation_id, 1 from made_session where ends_at < now();

insert into attendance_marks (session_id, participant_id, organisation_id, home_organisation_id, booking_id, state)
select session_id, participant_id, organisation_id, organisation_id, booking_id,
          case when number % 9 = 0 then 'absent' else 'present' end
     from made_booking where starts_at + interval '2 hours' < now();
