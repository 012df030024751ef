-- Whom to tell in each family, and the message about each booking.

insert into recipients (recipient_id, organisation_id, version, kind, display_name, email, language, state, person_ids)
select contact_id, organisation_id, 1, 'contact', 'Contact ' || number, number || '@families.example', 'fr', 'active',
       array[participant_id]
  from made_person where number % 2 = 0;

insert into known_bookings (booking_id, organisation_id, version, session_id, state, contact_id, participant_ids,
                            home_organisation_ids)
select booking_id, organisation_id, 1, session_id, 'confirmed', contact_id, array[participant_id],
       array[organisation_id]
  from made_booking;

insert into messages (id, organisation_id, fact_id, human_key, recipient_id, person_ids, kind, language, subject, body,
                      channel, state, created_at, sent_at)
select pg_temp.made_id('message', number), organisation_id, 'activities.booking_confirmed.v1:' || booking_id,
       'recipient:' || contact_id, contact_id, array[participant_id], 'booking_confirmed', 'fr', 'Inscription confirmée',
       repeat('Votre inscription est confirmée. ', 12), 'email', 'sent', starts_at - interval '20 days',
       starts_at - interval '20 days'
  from made_booking;
