"""Risk sheets, checklists, the dated rules for opening a session, and the log of incidents.

The rules belong to a jurisdiction, not to an organisation: everybody reads, only the owner writes them. A rule without
`valid_from` was in force when its source was read.
"""

from __future__ import annotations

import json

from alembic import op
from sqlalchemy import text

from access.row_policies import protect
from common.migrating import execute_all

revision = "0018"
down_revision = "0017"

ACTIVITIES = (
    """create table risk_sheets (
        activity_id uuid not null, organisation_id uuid not null, version bigint not null, reviewed_on date not null,
        constraint risk_sheets_pkey primary key (activity_id),
        constraint risk_sheets_activity_id_fkey foreign key (activity_id) references activities (id))""",
    """create table hazards (
        id uuid not null, organisation_id uuid not null, activity_id uuid not null, position bigint not null,
        hazard text not null, exposed text not null, likelihood bigint not null, severity bigint not null,
        measure text not null, responsible text not null,
        constraint hazards_pkey primary key (id),
        constraint hazards_activity_id_fkey foreign key (activity_id) references risk_sheets (activity_id),
        constraint hazards_scale_check check (likelihood between 1 and 4 and severity between 1 and 4))""",
    "create index hazards_activity_id_position_index on hazards (activity_id, position)",
    """create table checklists (
        activity_id uuid not null, organisation_id uuid not null, version bigint not null,
        constraint checklists_pkey primary key (activity_id),
        constraint checklists_activity_id_fkey foreign key (activity_id) references activities (id))""",
    """create table checklist_items (
        id uuid not null, organisation_id uuid not null, activity_id uuid not null, position bigint not null,
        task text not null, is_required boolean not null, removed_at timestamptz,
        constraint checklist_items_pkey primary key (id),
        constraint checklist_items_activity_id_fkey foreign key (activity_id) references checklists (activity_id))""",
    "create index checklist_items_activity_id_position_index on checklist_items (activity_id, position)",
)
SESSIONS = (
    """create table checklist_ticks (
        session_id uuid not null, item_id uuid not null, organisation_id uuid not null,
        ticked_at timestamptz not null default now(), ticked_by text not null,
        constraint checklist_ticks_pkey primary key (session_id, item_id),
        constraint checklist_ticks_session_id_fkey foreign key (session_id) references sessions (id),
        constraint checklist_ticks_item_id_fkey foreign key (item_id) references checklist_items (id))""",
    """create table session_openings (
        session_id uuid not null, organisation_id uuid not null, opened_at timestamptz not null default now(),
        opened_by text not null, has_first_aider boolean not null, findings jsonb not null, override_reason text,
        constraint session_openings_pkey primary key (session_id),
        constraint session_openings_session_id_fkey foreign key (session_id) references sessions (id))""",
    """create table known_coverages (
        session_id uuid not null, organisation_id uuid not null, version bigint not null, is_short boolean not null,
        supervisors_needed bigint not null, qualified_needed bigint not null, supervisors_present bigint not null,
        qualified_present bigint not null,
        constraint known_coverages_pkey primary key (session_id))""",
)
RULES = (
    """create table safety_rules (
        id uuid primary key default uuidv7(), jurisdiction text not null, setting text not null, rule text not null,
        effect text not null, value jsonb not null, valid_from date, valid_to date, source text not null,
        status text not null,
        constraint safety_rules_dates_check check (valid_to >= valid_from),
        constraint safety_rules_rule_check
            check (rule in ('risk_sheet_reviewed', 'checklist_ticked', 'supervisors_present', 'first_aider')),
        constraint safety_rules_effect_check check (effect in ('block', 'warn')),
        constraint safety_rules_status_check
            check (status in ('verified', 'verified_secondary', 'from_memory', 'own_choice')),
        constraint safety_rules_validity_excl exclude using gist
            (jurisdiction with =, setting with =, rule with =, daterange(valid_from, valid_to, '[]') with &&))""",
    "grant select on safety_rules to {service}_api, {service}_worker, {service}_auditor, {service}_backup",
)
INCIDENTS = (
    """create table incidents (
        id uuid not null, organisation_id uuid not null, session_id uuid not null, happened_at timestamptz not null,
        place text not null, what_happened text not null, severity text not null, first_aid text not null,
        told text not null, participants_count bigint not null, recorded_by text not null,
        recorded_at timestamptz not null default now(),
        constraint incidents_pkey primary key (id),
        constraint incidents_session_id_fkey foreign key (session_id) references sessions (id),
        constraint incidents_severity_check check (severity in ('near_miss', 'minor', 'serious', 'grave')))""",
    "create index incidents_session_id_id_index on incidents (session_id, id)",
    """create table incident_participants (
        incident_id uuid not null, participant_id uuid not null, organisation_id uuid not null,
        constraint incident_participants_pkey primary key (incident_id, participant_id),
        constraint incident_participants_incident_id_fkey foreign key (incident_id) references incidents (id))""",
    "create index incident_participants_participant_id_index on incident_participants (participant_id)",
    """create table follow_ups (
        id uuid not null, organisation_id uuid not null, incident_id uuid not null, version bigint not null,
        task text not null, due_on date not null, done_at timestamptz, done_by text,
        constraint follow_ups_pkey primary key (id),
        constraint follow_ups_incident_id_fkey foreign key (incident_id) references incidents (id))""",
    "create index follow_ups_organisation_id_id_index on follow_ups (organisation_id, id)",
    "create index follow_ups_incident_id_index on follow_ups (incident_id)",
)
ADD = text(
    "insert into safety_rules (jurisdiction, setting, rule, effect, value, source, status)"
    " values (:jurisdiction, :setting, :rule, 'block', cast(:value as jsonb), :source, :status)"
)
YEARLY = "A risk sheet is looked at once a year; no text that was read gives a number of months."
TICKED = "What a checklist calls required is done before people come in."
ENOUGH = "The supervision rule of the session's setting, as the staffing service assesses it; see its own source."
FIRST_AID = (
    "CASF, séjours and accueils de loisirs: one holder of a first-aid certificate (jesuisanimateur, acm-cvl.fr)."
)
EVERYWHERE: tuple[tuple[str, dict[str, int], str], ...] = (
    ("risk_sheet_reviewed", {"months": 12}, YEARLY),
    ("checklist_ticked", {}, TICKED),
    ("supervisors_present", {}, ENOUGH),
)


def upgrade() -> None:
    """Create the tables; field staff of the organiser read and write, nobody else."""
    execute_all(op, "activities", (*ACTIVITIES, *SESSIONS, *RULES, *INCIDENTS))
    for table in ("risk_sheets", "hazards", "checklists", "checklist_items"):
        protect(op, "activities", table, audited_by="activity_id")
    for table in ("checklist_ticks", "session_openings"):
        protect(op, "activities", table, audited_by="session_id")
    protect(op, "activities", "known_coverages", audited_by=None)
    protect(op, "activities", "incidents")
    protect(op, "activities", "incident_participants", audited_by="incident_id")
    protect(op, "activities", "follow_ups")
    for jurisdiction in ("BE", "FR"):
        for rule, value, source in EVERYWHERE:
            _add(jurisdiction, "any", rule, value, source, "own_choice")
    for setting in ("fr_extracurricular", "fr_periscolaire", "fr_periscolaire_pedt"):
        _add("FR", setting, "first_aider", {}, FIRST_AID, "verified_secondary")


def _add(jurisdiction: str, setting: str, rule: str, value: dict[str, int], source: str, status: str) -> None:
    row = {"jurisdiction": jurisdiction, "setting": setting, "rule": rule, "source": source, "status": status}
    op.execute(ADD.bindparams(**row, value=json.dumps(value)))
