"""Supervision rules as dated data, with the rules that were read at a source by November 2026.

Law belongs to a jurisdiction, not to an organisation: no row policy, everybody reads, only the owner writes. A rule
without `valid_from` was in force when its source was read, which does not say since when. "1/18" for the Belgian
after-school care is left out, because no source gives it, and so is the French tolerance for teams of three or four.
"""

from __future__ import annotations

import json
from typing import Any

from alembic import op
from sqlalchemy import text

from common.migrating import execute_all

revision = "0002"
down_revision = "0001"

DDL = (
    """create table supervision_rules (
        id uuid primary key default uuidv7(),
        jurisdiction text not null, rule text not null, value jsonb not null,
        valid_from date, valid_to date, source text not null, status text not null,
        constraint supervision_rules_dates_check check (valid_to >= valid_from),
        constraint supervision_rules_status_check check (status in ('verified', 'verified_secondary', 'from_memory')),
        constraint supervision_rules_validity_excl exclude using gist
            (jurisdiction with =, rule with =, daterange(valid_from, valid_to, '[]') with &&))""",
    "grant select on supervision_rules to {service}_api, {service}_worker, {service}_auditor, {service}_backup",
)
ADD = text(
    "insert into supervision_rules (jurisdiction, rule, value, valid_from, source, status)"
    " values (:jurisdiction, :rule, cast(:value as jsonb), cast(:valid_from as date), :source, :status)"
)

QUESTION_2006 = (
    "http://carlodiantonio.be/blog/index.php-2006-02-15-55-question-a-mme-catherine-fonck-ministre-de-l-enfance-de-l"
    "-aide-a-la-jeunesse-et-de-la-sante-relative-a-lorganisation-de-camps-residentiels-pour-mineurs-a-l-etranger.html"
)
BACV = "https://de.frwiki.wiki/wiki/BACV"
JE_SUIS_ANIMATEUR = "https://jesuisanimateur.fr/reglementation-acm/encadrement-qualifications/taux-encadrement-acm"
ASSOCIATHEQUE = "https://www.associatheque.fr/fr/mineurs-association/index.html?amcpage=7"
ACM_CVL = "https://acm-cvl.fr/reglementation/accueil-de-loisirs-periscolaire-avec-pedt/"
MODE_D_EMPLOI = (
    "https://www.associationmodeemploi.fr/article/en-tant-qu-association-de-loisirs-quelles-sont-les-regles-a-"
    "respecter-pour-les-taux-d-encadrement.75087"
)

BELGIAN_SOURCES = (QUESTION_2006, BACV)
EXTRACURRICULAR_SOURCES = (JE_SUIS_ANIMATEUR, ASSOCIATHEQUE, MODE_D_EMPLOI)
PERISCOLAIRE_SOURCES = (ASSOCIATHEQUE, MODE_D_EMPLOI)
PERISCOLAIRE_PEDT_SOURCES = (ACM_CVL, MODE_D_EMPLOI)
FIVE_HOURS = 300


def scale(younger: int, older: int, minutes_max: int | None = None) -> dict[str, int | None]:
    """How many children of each band one supervisor may have in a session of at most `minutes_max`."""
    return {"minutes_max": minutes_max, "younger_per_supervisor": younger, "older_per_supervisor": older}


def french(*scales: dict[str, int | None]) -> dict[str, Any]:
    """A French rule: half of the supervisors qualified, a fifth at most without qualification."""
    return {
        "strategy": "sum_by_age_band",
        "younger_below_age": 6,
        "adult_from_age": 18,
        "scales": scales,
        "qualified_share": "1/2",
        "unqualified_share_max": "1/5",
    }


BELGIAN_HOLIDAY_CENTRE = {
    "strategy": "group_with_youngest_threshold",
    "younger_below_age": 6,
    "adult_from_age": 18,
    "scales": [scale(8, 12)],
    "qualified_share": "1/3",
}
PERISCOLAIRE = french(scale(10, 14, FIVE_HOURS), scale(8, 12))
PERISCOLAIRE_PEDT = french(scale(14, 18, FIVE_HOURS), scale(10, 14))

# The Belgian ratio is proven for the day of the parliamentary question. The French sources date the out-of-school
# rules by decree 2018-647 and the definitions beside them by September 2018.
RULES = (
    ("BE-FWB", "be_holiday_centre", BELGIAN_HOLIDAY_CENTRE, "2006-02-15", BELGIAN_SOURCES, "verified_secondary"),
    ("FR", "fr_extracurricular", french(scale(8, 12)), None, EXTRACURRICULAR_SOURCES, "verified"),
    ("FR", "fr_periscolaire", PERISCOLAIRE, "2018-09-01", PERISCOLAIRE_SOURCES, "verified"),
    ("FR", "fr_periscolaire_pedt", PERISCOLAIRE_PEDT, "2018-09-01", PERISCOLAIRE_PEDT_SOURCES, "verified"),
)


def upgrade() -> None:
    """Create the table and add the rules."""
    execute_all(op, "staffing", DDL)
    for jurisdiction, rule, value, valid_from, sources, status in RULES:
        op.execute(
            ADD.bindparams(
                jurisdiction=jurisdiction,
                rule=rule,
                value=json.dumps(value),
                valid_from=valid_from,
                source=" ".join(sources),
                status=status,
            )
        )
