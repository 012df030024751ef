-- A charge and an entry for each booking, and a budget for each association.

insert into known_sessions select made.* from made_session s, known_sessions t, jsonb_populate_record(t,
     jsonb_build_object('session_id', s.session_id, 'organisation_id', s.organisation_id, 'starts_at', s.starts_at))
     as made where t.session_id = (select session_id from template);

insert into charges (id, organisation_id, booking_id, booking_version, participant_id, home_organisation_id,
                        payer_kind, payer_id, session_id, activity_id, title, currency, price_minor, charged_minor,
                        given_back_minor, amount_minor, state, is_earned, session_on, cost_shares, recorded_at,
                        changed_at)
select pg_temp.made_id('charge', number), organisation_id, booking_id, 1, participant_id, organisation_id,
          'household', household_id, session_id, activity_id, 'Workshop', 'EUR', 500, 500, 0, 500, 'open', true,
          starts_at::date, '[]', now(), now() from made_booking;

insert into entries (id, organisation_id, booked_on, kind, description, booking_id, charge_id, recorded_at)
select pg_temp.made_id('entry', number), organisation_id, starts_at::date, 'charge', 'Workshop', booking_id,
          pg_temp.made_id('charge', number), now() from made_booking;

insert into entry_lines (entry_id, line_number, organisation_id, account, amount_minor, currency, counterparty_id)
select pg_temp.made_id('entry', number), line, organisation_id,
          case line when 1 then 'receivable_households' else 'income_participation' end,
          case line when 1 then 500 else -500 end, 'EUR', case line when 1 then household_id end
     from made_booking, generate_series(1, 2) as line;

insert into budgets select made.* from association a, (select * from budgets limit 1) t,
     jsonb_populate_record(t::budgets, jsonb_build_object('id', pg_temp.made_id('budget', a.number),
       'organisation_id', a.organisation_id, 'activity_id', a.activity_id, 'year', extract(year from now()))) as made;
