"""Rules of rest, hours and volunteering as dated data, as they were read at their sources by November 2026.

Like supervision rules they belong to a jurisdiction and to no organisation. Most warn, few block. Left out because no
source gives a number: the ceilings of 2023 and 2027, the reference period of joint committee 329, rules for minors.
"""

from __future__ import annotations

import json

from alembic import op
from sqlalchemy import text

from common.migrating import execute_all

revision = "0007"
down_revision = "0006"

DDL = (
    """create table work_rules (
        id uuid primary key default uuidv7(),
        jurisdiction text not null, rule text not null, value jsonb not null, effect text not null,
        applies_to text[] not null, valid_from date, valid_to date, source text not null, status text not null,
        constraint work_rules_dates_check check (valid_to >= valid_from),
        constraint work_rules_effect_check check (effect in ('note', 'warn', 'block')),
        constraint work_rules_status_check check (status in ('verified', 'verified_secondary', 'from_memory')),
        constraint work_rules_validity_excl exclude using gist
            (jurisdiction with =, rule with =, daterange(valid_from, valid_to, '[]') with &&))""",
    "grant select on work_rules to {service}_api, {service}_worker, {service}_auditor, {service}_backup",
)
ADD = text(
    "insert into work_rules (jurisdiction, rule, value, effect, applies_to, valid_from, valid_to, source, status)"
    " values (:jurisdiction, :rule, cast(:value as jsonb), :effect, cast(:applies_to as text[]),"
    " cast(:valid_from as date), cast(:valid_to as date), :source, :status)"
)

DIRECTIVE = "https://osha.europa.eu/en/legislation/directives/directive-2003-88-ec"
COMMITTEE_329 = (
    "https://www.groups.be/fr/legislation-sociale/documentation-sectorielle/commissions-paritaires/32903000000/07/"
    "duree-du"
)
AGREEMENT_1999 = "https://adoc.pub/convention-collective-de-travail-du-25-octobre-1999-relative.html"
SECUREX = (
    "https://www.securex.be/fr/lex4you/employeur/themes/selection-et-conclusion-du-contrat/contrats-particuliers/"
    "l-employeur-peut-il-engager-des-benevoles"
)
# Day and year ceiling of flat allowances in cents; of 2023 and 2027 no source gives them.
CEILINGS = {
    2021: (3541, 141616, "https://conseilsuperieurvolontaires.belgium.be/fr/defraiements/plafonds-limites-indexes.htm"),
    2022: (3611, 144452, "https://besox.storychief.io/volontariat-en-2022"),
    2024: (4148, 165929, "https://monasbl.be/node/7104"),
    2025: (4231, 169251, "https://www.uvcw.be/personnel/actus/art-9304"),
    2026: (
        4402,
        176083,
        "https://www.mch-economie.be/page/asbl-nouveaux-plafonds-defraiement-volontaires-2026.html",
    ),
}

PAID = "{employee,student}"
ALL = "{employee,student,contractor,volunteer}"
RULES: tuple[tuple[str, str, dict[str, object], str, str, str | None, str], ...] = (
    ("EU", "daily_rest", {"hours": 11, "within_hours": 24}, "block", PAID, None, DIRECTIVE),
    ("EU", "weekly_rest", {"hours": 35}, "block", PAID, None, DIRECTIVE),
    ("EU", "weekly_hours_average", {"hours": 48}, "warn", PAID, None, DIRECTIVE),
    ("BE", "weekly_hours_average", {"hours": 38}, "warn", PAID, "1999-10-25", AGREEMENT_1999),
    ("BE", "daily_hours", {"hours": 11}, "block", PAID, "2017-03-01", COMMITTEE_329),
    ("BE", "weekly_hours", {"hours": 50}, "block", PAID, "2017-03-01", COMMITTEE_329),
    ("BE", "night_work", {"from": "20:00", "to": "06:00"}, "note", PAID, "2017-03-01", COMMITTEE_329),
    ("BE", "sunday_work", {"compensation_weeks": 4}, "note", PAID, "2017-03-01", COMMITTEE_329),
    ("BE", "same_task", {}, "block", ALL, None, SECUREX),
)


def upgrade() -> None:
    """Create the table and add the rules."""
    execute_all(op, "staffing", DDL)
    for jurisdiction, rule, value, effect, applies_to, valid_from, source in RULES:
        _add(jurisdiction, rule, value, effect, applies_to, valid_from, None, source)
    for year, (day_minor, year_minor, source) in CEILINGS.items():
        for rule, amount_minor in (("volunteer_day_ceiling", day_minor), ("volunteer_year_ceiling", year_minor)):
            ceiling: dict[str, object] = {"amount_minor": amount_minor, "currency": "EUR"}
            _add("BE", rule, ceiling, "block", "{volunteer}", f"{year}-01-01", f"{year}-12-31", source)


def _add(
    jurisdiction: str,
    rule: str,
    value: dict[str, object],
    effect: str,
    applies_to: str,
    valid_from: str | None,
    valid_to: str | None,
    source: str,
) -> None:
    op.execute(
        ADD.bindparams(
            jurisdiction=jurisdiction,
            rule=rule,
            value=json.dumps(value),
            effect=effect,
            applies_to=applies_to,
            valid_from=valid_from,
            valid_to=valid_to,
            source=source,
            status="verified",
        )
    )
