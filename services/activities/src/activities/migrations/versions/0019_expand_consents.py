"""What households consent to, and the wordings that they are asked, as dated data.

A wording is the same for every association: everybody reads it, only the owner writes. A new version is a new row.
"""

from __future__ import annotations

from datetime import date

from alembic import op
from sqlalchemy import text

from access.row_policies import ORGANISATIONS, PERSONS, protect
from common.migrating import execute_all

revision = "0019"
down_revision = "0018"

PURPOSES = "purpose in ('photo', 'leaving_alone', 'health_notes', 'newsletter')"
TABLES = (
    f"""create table consent_wordings (
        purpose text not null, version bigint not null, valid_from date not null, text_fr text not null,
        text_nl text not null, text_de text not null, text_en text not null,
        constraint consent_wordings_pkey primary key (purpose, version),
        constraint consent_wordings_purpose_check check ({PURPOSES}))""",
    "grant select on consent_wordings to {service}_api, {service}_worker, {service}_auditor, {service}_backup",
    f"""create table consents (
        id uuid not null, organisation_id uuid not null, household_id uuid, participant_id uuid,
        purpose text not null, wording_version bigint not null, is_given boolean not null,
        is_by_staff boolean not null, answered_by text not null, answered_at timestamptz not null default now(),
        constraint consents_pkey primary key (id),
        constraint consents_household_id_fkey foreign key (household_id) references households (id),
        constraint consents_participant_id_fkey foreign key (participant_id) references participants (id),
        constraint consents_subject_check check ((household_id is null) <> (participant_id is null)),
        constraint consents_purpose_check check ({PURPOSES}))""",
    "create index consents_organisation_id_id_index on consents (organisation_id, id)",
    "create index consents_household_id_purpose_id_index on consents (household_id, purpose, id)",
    "create index consents_participant_id_purpose_id_index on consents (participant_id, purpose, id)",
)
OF_OWN_PERSONS = (
    f"household_id = any({PERSONS}) or participant_id = any({PERSONS}) or exists"
    f" (select from participants where participants.id = participant_id and household_id = any({PERSONS}))"
)
OF_PEOPLE_BOOKED_WITH_US = (
    "exists (select from booked_places where booked_places.participant_id = consents.participant_id"
    f" and booked_places.cancelled_at is null and booked_places.organisation_id = any({ORGANISATIONS}))"
)
OWN = f"organisation_id = any({ORGANISATIONS})"
# An answer is never changed. Erasing somebody, which the worker does, takes the answer or the account that gave it.
FOR_ERASURES = (
    f"create policy consents_update on consents for update to {{service}}_worker using ({OWN}) with check ({OWN})",
    f"create policy consents_delete on consents for delete to {{service}}_worker using ({OWN})",
    "grant delete, update (answered_by) on consents to {service}_worker",
)
ADD = text(
    "insert into consent_wordings (purpose, version, valid_from, text_fr, text_nl, text_de, text_en)"
    " values (:purpose, 1, :valid_from, :fr, :nl, :de, :en)"
)
VALID_FROM = date(2026, 1, 1)
WORDINGS = (
    {
        "purpose": "photo",
        "fr": "L'association peut photographier ou filmer cette personne pendant les activités et montrer ces images"
        " sur son site, dans ses imprimés et sur ses réseaux sociaux.",
        "nl": "De vereniging mag deze persoon tijdens de activiteiten fotograferen of filmen en die beelden tonen op"
        " haar website, in haar drukwerk en op haar sociale media.",
        "de": "Die Vereinigung darf diese Person während der Aktivitäten fotografieren oder filmen und die Bilder auf"
        " ihrer Website, in Drucksachen und in ihren sozialen Medien zeigen.",
        "en": "The association may photograph or film this person during activities and show the pictures on its"
        " site, in print and on its social media.",
    },
    {
        "purpose": "leaving_alone",
        "fr": "Cette personne peut quitter seule l'activité quand elle se termine.",
        "nl": "Deze persoon mag de activiteit alleen verlaten wanneer ze afgelopen is.",
        "de": "Diese Person darf die Aktivität allein verlassen, wenn sie zu Ende ist.",
        "en": "This person may leave the activity alone when it ends.",
    },
    {
        "purpose": "health_notes",
        "fr": "L'équipe d'une activité peut connaître les informations de santé que nous donnons pour cette personne,"
        " le temps de cette activité.",
        "nl": "Het team van een activiteit mag de gezondheidsinformatie kennen die wij voor deze persoon geven,"
        " zolang die activiteit duurt.",
        "de": "Das Team einer Aktivität darf die Gesundheitsangaben kennen, die wir zu dieser Person machen, solange"
        " diese Aktivität dauert.",
        "en": "The team of an activity may know the health information that we give about this person, for as long"
        " as that activity lasts.",
    },
    {
        "purpose": "newsletter",
        "fr": "L'association peut nous envoyer ses nouvelles et son programme par e-mail.",
        "nl": "De vereniging mag ons haar nieuws en haar programma per e-mail sturen.",
        "de": "Die Vereinigung darf uns ihre Neuigkeiten und ihr Programm per E-Mail senden.",
        "en": "The association may send us its news and its programme by e-mail.",
    },
)


def upgrade() -> None:
    """Create the tables; a household sees its answers, and an organiser those about people booked with it."""
    execute_all(op, "activities", TABLES)
    visible = f"{OF_OWN_PERSONS} or {OF_PEOPLE_BOOKED_WITH_US}"
    protect(op, "activities", "consents", also_visible=visible, append_only=True)
    execute_all(op, "activities", FOR_ERASURES)
    for wording in WORDINGS:
        op.execute(ADD.bindparams(valid_from=VALID_FROM, **wording))
